package dev.graft.run;

import dev.graft.InputException;
import dev.graft.evaluate.LossReport;
import dev.graft.ledger.LedgerFile;
import dev.graft.ledger.RunLedger;
import dev.graft.train.TrainObserver;
import dev.graft.train.TrainPlan;
import dev.graft.train.TrainState;
import dev.graft.train.log.MetricsLog;
import dev.graft.train.log.ProcessAge;
import dev.graft.train.log.RunFolder;
import dev.graft.train.log.TensorBoardWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Writes what a run does to its folder and shows it to the user. */
final class RunLog implements TrainObserver, AutoCloseable {
  private final RunFolder folder;
  private final TrainPlan plan;
  private final RunListener listener;
  private final OptionalDouble bytesPerToken;
  private final RunLedger ledger;
  private @Nullable MetricsLog metrics;
  private @Nullable TensorBoardWriter board;
  private RunHistory history = RunHistory.NONE;
  private double secondsToFirstStep = Double.NaN;
  private long firstStep;
  private String lastLoss = "";

  /**
   * A log.
   *
   * @param bytesPerToken bytes of text for each learnt token of the held-out examples; empty where
   *     they are not plain text
   * @param ledger of the run, written whenever a checkpoint is
   */
  RunLog(
      RunFolder folder,
      TrainPlan plan,
      RunListener listener,
      OptionalDouble bytesPerToken,
      RunLedger ledger) {
    this.folder = folder;
    this.plan = plan;
    this.listener = listener;
    this.bytesPerToken = bytesPerToken;
    this.ledger = ledger;
  }

  /** Opens the files; of a run that goes on, what was written after its checkpoint is dropped. */
  void begin(TrainState state) {
    firstStep = state.step();
    LostSteps lost = new LostSteps();
    writing(
        folder.metrics(),
        () -> {
          history =
              RunHistory.of(MetricsLog.rewind(folder.metrics(), row -> keeps(state, row, lost)));
          metrics = MetricsLog.open(folder.metrics());
        });
    ledger.lose(lost.sum());
    LedgerFile.write(folder.path(), ledger.present());
    writing(
        folder.tensorboard(),
        () -> board = TensorBoardWriter.resume(folder.tensorboard(), state.step()));
  }

  private static boolean keeps(TrainState state, Map<String, Object> row, LostSteps lost) {
    boolean kept = RunHistory.isBefore(state, row);
    if (!kept) {
      lost.add(row);
    }
    return kept;
  }

  @Override
  public void onStep(StepReport report, TrainState state) {
    if (report.step() == firstStep + 1) {
      secondsToFirstStep = ProcessAge.seconds();
    }
    if (report.step() == 1) {
      history = history.withFirstStep(report.tokens(), report.seconds());
    }
    double rate = report.tokens() / report.seconds();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("step", report.step());
    row.put("loss", report.loss());
    row.put("tokens", report.tokens());
    row.put("trained_tokens", report.trainedTokens());
    row.put("flops", (long) report.flops());
    row.put("seconds", report.seconds());
    row.put("tokens_per_second", rate);
    row.put("learning_rate", report.learningRate());
    row.put("grad_norm", report.gradNorm());
    write(row);
    scalars(
        report.step(),
        Map.of(
            "train/loss", report.loss(),
            "train/learning_rate", report.learningRate(),
            "train/grad_norm", report.gradNorm(),
            "train/tokens_per_second", rate));
    double left = (plan.steps() - report.step()) * state.seconds() / state.step();
    listener.progress(
        String.format(
            Locale.ROOT,
            "step %d/%d  loss %.4f%s  %.0f tokens/s  %s left",
            report.step(),
            plan.steps(),
            report.loss(),
            lastLoss,
            rate,
            time(left)));
  }

  @Override
  public void onEvaluation(long step, LossReport report, boolean best) {
    history = history.withEvalLoss(report.loss());
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("step", step);
    row.put("eval_loss", report.loss());
    row.put("eval_loss_low", report.lossLow());
    row.put("eval_loss_high", report.lossHigh());
    row.put("eval_tokens", report.tokens());
    OptionalDouble bits = bitsPerByte(report.loss());
    bits.ifPresent(value -> row.put("eval_bits_per_byte", value));
    row.put("best", best);
    write(row);
    scalars(step, Map.of("valid/loss", report.loss()));
    lastLoss = String.format(Locale.ROOT, "  valid %.4f", report.loss());
    listener.note(
        String.format(
            Locale.ROOT,
            "step %d: validation loss %.4f (95 %% %.4f to %.4f)%s%s",
            step,
            report.loss(),
            report.lossLow(),
            report.lossHigh(),
            bits.isPresent()
                ? String.format(Locale.ROOT, ", %.4f bits per byte", bits.getAsDouble())
                : "",
            best ? ", the best so far" : ""));
  }

  /** Of a loss in nats per token: comparable between tokenizers. */
  private OptionalDouble bitsPerByte(double loss) {
    return bytesPerToken.isPresent()
        ? OptionalDouble.of(loss / Math.log(2) / bytesPerToken.getAsDouble())
        : OptionalDouble.empty();
  }

  @Override
  public void onUnusableCheckpoint(InputException problem) {
    listener.note(problem.getMessage() + "; going on from an older one");
  }

  @Override
  public void onCheckpoint(long step, Path file) {
    LedgerFile.write(folder.path(), ledger.present());
    listener.progress("saved " + file);
  }

  /** From the start of the process to the end of its first step, in seconds; NaN without a step. */
  double secondsToFirstStep() {
    return secondsToFirstStep;
  }

  /** What there is to know about the whole run, also about its steps in earlier processes. */
  RunHistory history() {
    return history;
  }

  private static String time(double seconds) {
    long s = Math.round(seconds);
    if (s < 60) {
      return s + " s";
    }
    return s < 3600
        ? String.format(Locale.ROOT, "%d:%02d min", s / 60, s % 60)
        : String.format(Locale.ROOT, "%d:%02d h", s / 3600, s / 60 % 60);
  }

  private void write(Map<String, Object> row) {
    MetricsLog log = metrics;
    if (log != null) {
      writing(folder.metrics(), () -> log.append(row));
    }
  }

  private void scalars(long step, Map<String, Double> values) {
    TensorBoardWriter writer = board;
    if (writer != null) {
      values.forEach(
          (name, value) -> writing(folder.tensorboard(), () -> writer.scalar(name, step, value)));
    }
  }

  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  /** A full disk is no fault of the program, and the user must know which disk it is. */
  private static void writing(Path file, Writing work) {
    try {
      work.run();
    } catch (IOException e) {
      throw InputException.unwritable(file, e);
    }
  }

  @Override
  public void close() throws IOException {
    if (metrics != null) {
      metrics.close();
    }
    if (board != null) {
      board.close();
    }
  }
}
