package dev.graft.cli;

import dev.graft.ledger.LedgerText;
import dev.graft.run.TrainRun;
import dev.graft.train.Trainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Trains with the library and prints what came of it. */
final class LibraryTraining implements TrainRunner {
  @Override
  public void run(Job job) throws IOException {
    TrainRun.Outcome outcome =
        new TrainRun(job.options(), job.stop(), new Listening(job.progress())).run();
    if (outcome.end() == Trainer.End.INTERRUPTED) {
      return;
    }
    PrintWriter out = job.out();
    if (job.json()) {
      out.println(new JsonMapper().writeValueAsString(outcome.summary()));
    } else {
      out.print(text(outcome));
    }
  }

  private static String text(TrainRun.Outcome outcome) {
    Map<String, Object> summary = outcome.summary();
    StringBuilder text = new StringBuilder();
    if (outcome.end() == Trainer.End.EARLY_STOP) {
      text.append("stopped early: the validation loss did not improve any more\n");
    }
    if (outcome.end() == Trainer.End.CUT_SHORT) {
      text.append("cut short, as asked for by --finish\n");
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%s steps, %s tokens (%s learnt), %.0f tokens/s%n",
            summary.get("steps"),
            summary.get("tokens"),
            summary.get("trained_tokens"),
            number(summary.get("tokens_per_second"))));
    if (summary.containsKey("best_eval_loss")) {
      text.append(
          String.format(
              Locale.ROOT,
              "validation loss %.4f at step %s, the best%n",
              number(summary.get("best_eval_loss")),
              summary.get("best_step")));
    }
    outcome
        .spent()
        .ifPresent(spent ->
            text.append("cost ").append(LedgerText.line(spent)).append("; see graft ledger\n"));
    return text.append(String.format("result: %s%n", summary.get("result"))).toString();
  }

  private static double number(@Nullable Object value) {
    return value instanceof Number number ? number.doubleValue() : Double.NaN;
  }
}
