package dev.graft.run;

import dev.graft.compare.Scores;
import dev.graft.engine.Work;
import dev.graft.evaluate.Evaluator;
import dev.graft.evaluate.ExactMatch;
import dev.graft.evaluate.ExampleLoss;
import dev.graft.evaluate.LossReport;
import dev.graft.evaluate.RougeL;
import dev.graft.generate.Generator;
import dev.graft.generate.SamplingOptions;
import dev.graft.goal.Goal;
import dev.graft.goal.Words;
import dev.graft.model.Decoder;
import dev.graft.text.StreamDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What a model makes of the test rows.
 *
 * @param answerFlops operations of generating one answer, the mean
 */
record CellAnswers(Scores scores, List<String> texts, double answerFlops) {
  /** Sequences side by side. */
  private static final int BATCH = 16;

  /**
   * How it is measured.
   *
   * @param asked the test rows as the strategy asks them
   * @param newTokens most tokens of an answer
   */
  record Setting(CompareTask task, FewShot asked, int newTokens, Optional<Goal> goal) {}

  /** Measures; empty where it was stopped. */
  static Optional<CellAnswers> of(
      Decoder model, Setting setting, RunListener listener, BooleanSupplier stop) {
    int total = setting.task().test().size();
    LossReport losses =
        new Evaluator(model)
            .evaluate(
                setting.asked().examples(),
                done -> listener.progress("measured the loss of " + done + " of " + total),
                stop);
    if (losses.examples().size() < total) {
      return Optional.empty();
    }
    long mark = Work.mark();
    List<Optional<String>> answers = generate(model, setting, listener, stop);
    double flops = Work.flops(mark, Work.mark()) / total;
    if (answers.contains(Optional.<String>empty())) {
      return Optional.empty();
    }
    List<String> texts = answers.stream().map(Optional::orElseThrow).toList();
    return Optional.of(new CellAnswers(scores(setting, losses, texts), texts, flops));
  }

  private static List<Optional<String>> generate(
      Decoder model, Setting setting, RunListener listener, BooleanSupplier stop) {
    CompareTask task = setting.task();
    List<Generator.Prompt> prompts = new ArrayList<>();
    List<Optional<String>> answers = new ArrayList<>();
    for (int[] prompt : setting.asked().prompts()) {
      prompts.add(new Generator.Prompt(prompt, setting.newTokens(), SamplingOptions.GREEDY));
      answers.add(Optional.empty());
    }
    int[] done = {0};
    Generator.Listener taking =
        new Generator.Listener() {
          @Override
          public boolean token(int prompt, int id) {
            return !stop.getAsBoolean();
          }

          @Override
          public void done(int prompt, Generator.Result result) {
            if (result.reason() != Generator.Reason.STOPPED) {
              answers.set(prompt, Optional.of(text(task, result)));
              listener.progress("answered " + ++done[0] + " of " + prompts.size());
            }
          }
        };
    new Generator(model, task.base().stopIds()).generate(prompts.iterator(), BATCH, taking);
    return answers;
  }

  private static String text(CompareTask task, Generator.Result result) {
    StreamDecoder decoder = task.base().tokenizer().streamDecoder(true);
    StringBuilder text = new StringBuilder();
    result.ids().forEach(id -> text.append(decoder.next(id)));
    return text.append(decoder.finish()).toString().strip();
  }

  private static Scores scores(Setting setting, LossReport losses, List<String> texts) {
    int n = texts.size();
    double[] loss = losses.examples().stream().mapToDouble(ExampleLoss::loss).toArray();
    int[] tokens = losses.examples().stream().mapToInt(ExampleLoss::tokens).toArray();
    double[] rouge = new double[n];
    double[] exact = new double[n];
    double[] rules = new double[setting.goal().isPresent() ? n : 0];
    double[] length = new double[n];
    for (int i = 0; i < n; i++) {
      CompareTask.TestRow row = setting.task().test().get(i);
      String answer = texts.get(i);
      rouge[i] = RougeL.f1(answer, row.reference());
      exact[i] = ExactMatch.same(answer, row.reference()) ? 1 : 0;
      length[i] = Words.count(answer) / (double) Math.max(1, Words.count(row.reference()));
      if (setting.goal().isPresent()) {
        rules[i] = setting.goal().get().isKept(row.prompt(), answer) ? 1 : 0;
      }
    }
    return new Scores(loss, tokens, rouge, exact, rules, length);
  }
}
