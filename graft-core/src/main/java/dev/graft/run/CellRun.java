package dev.graft.run;

import dev.graft.InputException;
import dev.graft.adapter.PeftAdapter;
import dev.graft.compare.CellCost;
import dev.graft.compare.CellFile;
import dev.graft.compare.CellResult;
import dev.graft.compare.Scores;
import dev.graft.compare.Strategy;
import dev.graft.config.Method;
import dev.graft.config.TrainOptions;
import dev.graft.engine.DType;
import dev.graft.goal.Goal;
import dev.graft.ledger.Spent;
import dev.graft.model.Decoder;
import dev.graft.train.Trainer;
import dev.graft.train.log.MetricsLog;
import dev.graft.train.log.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Does a cell: trains where it has to, measures, and writes down what came of it. */
final class CellRun {
  private final CompareRequest request;
  private final CompareTask task;
  private final Optional<Goal> goal;
  private final BooleanSupplier stop;

  CellRun(CompareRequest request, CompareTask task, Optional<Goal> goal, BooleanSupplier stop) {
    this.request = request;
    this.task = task;
    this.goal = goal;
    this.stop = stop;
  }

  /** What came of an earlier call; empty where it is not done. */
  Optional<CellResult> done(CompareCells.Planned planned) {
    return CellFile.read(folder(planned), planned.cell(), planned.place(), task.test().size());
  }

  private Path folder(CompareCells.Planned planned) {
    return request.files().output().resolve(planned.place().folder());
  }

  /** Does it; empty where it was stopped, and can be gone on with. */
  Optional<CellResult> run(CompareCells.Planned planned, RunListener listener) throws IOException {
    Optional<CellResult> result;
    try {
      result =
          planned.training().isPresent()
              ? trained(planned, planned.training().get(), listener)
              : prompted(planned, listener);
    } catch (InputException e) {
      throw new InputException(planned.cell().label() + ": " + e.getMessage(), e);
    }
    if (result.isPresent()) {
      CellFile.write(folder(planned), result.get());
    }
    return result;
  }

  private DType dtype() {
    return CompareCells.isBfloat(request) ? DType.BF16 : DType.F32;
  }

  private Optional<CellResult> prompted(CompareCells.Planned planned, RunListener listener) {
    int newTokens = request.answering().maxNewTokens();
    Path rows = planned.rows();
    FewShot asked =
        rows == null
            ? FewShot.none(task)
            : FewShot.of(task, rows, request.files().rows(), newTokens);
    if (asked.shortened() > 0) {
      listener.note(
          planned.cell().label()
              + ": "
              + asked.shortened()
              + " of "
              + task.test().size()
              + " test rows take fewer examples, since the model's context of "
              + task.base().spec().maxPositions()
              + " tokens holds no more");
    }
    try (Decoder model = task.base().load(dtype())) {
      return measured(model, asked, listener)
          .map(answers ->
              new CellResult(
                  planned.cell(),
                  planned.place().folder(),
                  "",
                  0,
                  OptionalDouble.empty(),
                  CellCost.ofPrompting(weightBytes(), answers.answerFlops()),
                  List.of(),
                  answers.scores(),
                  answers.texts()));
    }
  }

  private double weightBytes() {
    return (double) task.base().spec().parameterCount() * dtype().bytes();
  }

  private Optional<CellAnswers> measured(Decoder model, FewShot asked, RunListener listener) {
    CellAnswers.Setting setting =
        new CellAnswers.Setting(task, asked, request.answering().maxNewTokens(), goal);
    return CellAnswers.of(model, setting, listener, stop);
  }

  private Optional<CellResult> trained(
      CompareCells.Planned planned, TrainOptions options, RunListener listener) throws IOException {
    Optional<CellResult> training = training(planned, options, listener);
    if (training.isEmpty()) {
      return Optional.empty();
    }
    CellResult made = training.get();
    removeCheckpoints(options);
    return ofResult(options, listener)
        .map(answers ->
            new CellResult(
                made.cell(),
                made.folder(),
                made.run(),
                made.trained(),
                made.learningRate(),
                made.cost().withAnswers(answers.answerFlops()),
                made.curve(),
                answers.scores(),
                answers.texts()));
  }

  /** Trains, or takes what an earlier call has trained; empty where it was stopped. */
  private Optional<CellResult> training(
      CompareCells.Planned planned, TrainOptions options, RunListener listener) throws IOException {
    Optional<CellResult> before =
        CellFile.readTraining(options.output(), planned.cell(), planned.place());
    if (before.isPresent() && Files.isDirectory(result(options))) {
      return before;
    }
    TrainRun.Outcome outcome = new TrainRun(options, stop, listener).run();
    if (outcome.end() == Trainer.End.INTERRUPTED) {
      return Optional.empty();
    }
    double rate =
        options.learningRate(
            task.base().config().stringAt("model_type"), task.base().spec().hidden());
    CellResult training =
        new CellResult(
            planned.cell(),
            planned.place().folder(),
            planned.place().run(),
            number(outcome.summary(), "trainable_parameters").longValue(),
            OptionalDouble.of(rate),
            cost(options, outcome),
            curve(outcome.folder()),
            Scores.NONE,
            List.of());
    CellFile.writeTraining(options.output(), training);
    return Optional.of(training);
  }

  /** Folder of what a training made. */
  private static Path result(TrainOptions options) {
    return options.output().resolve(options.method() == Method.LORA ? "adapter" : "model");
  }

  /** Measures what the best checkpoint became, as it lies on disk. */
  private Optional<CellAnswers> ofResult(TrainOptions options, RunListener listener) {
    FewShot asked = FewShot.none(task);
    if (options.method() == Method.LORA) {
      try (Decoder model = task.base().load(dtype())) {
        PeftAdapter.load(result(options), model, PeftAdapter.Use.INFERENCE);
        return measured(model, asked, listener);
      }
    }
    try (BaseModel made = BaseModel.open(result(options).toString(), listener::download);
        Decoder model = made.load(dtype())) {
      return measured(model, asked, listener);
    }
  }

  private static CellCost cost(TrainOptions options, TrainRun.Outcome outcome) throws IOException {
    Spent spent = outcome.spent().orElse(Spent.NOTHING);
    double seconds = spent.seconds().total() - spent.seconds().evaluation();
    double share = spent.seconds().total() > 0 ? seconds / spent.seconds().total() : 1;
    double predicted = number(outcome.summary(), "predicted_peak_bytes").doubleValue();
    return new CellCost(
        spent.flops().total() - spent.flops().evaluation(),
        seconds,
        predicted - RunMemory.BESIDE,
        spent.energy().joules() * share,
        spent.energy().source(),
        weightFiles(result(options)),
        spent.data().steps(),
        spent.data().tokens(),
        0);
  }

  private static Number number(Map<String, Object> summary, String key) {
    return summary.get(key) instanceof Number number ? number : Double.NaN;
  }

  private static double weightFiles(Path folder) throws IOException {
    double sum = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
        sum += Files.size(file);
      }
    }
    return sum;
  }

  private static List<CellResult.Point> curve(RunFolder folder) throws IOException {
    List<CellResult.Point> curve = new ArrayList<>();
    for (Map<String, Object> row : MetricsLog.read(folder.metrics())) {
      if (row.get("eval_loss") instanceof Number loss && row.get("step") instanceof Number step) {
        curve.add(new CellResult.Point(step.longValue(), loss.doubleValue()));
      }
    }
    return curve;
  }

  /** They are as large as the optimizer, and nobody goes on from them. */
  private static void removeCheckpoints(TrainOptions options) throws IOException {
    Path folder = options.output().resolve("checkpoints");
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }

  /** About how long a cell takes, in no unit: to say how much time is left. */
  double work(CompareCells.Planned planned) {
    Strategy strategy = planned.cell().strategy();
    double training = 3.0 * planned.steps() * request.training().batchSize();
    int shots = strategy.kind() == Strategy.Kind.FEW_SHOT ? strategy.size() : 0;
    return training + task.test().size() * (4.0 + shots);
  }
}
