package dev.graft.run;

import dev.graft.InputException;
import dev.graft.adapter.TargetModules;
import dev.graft.data.LossOn;
import dev.graft.data.RowOptions;
import dev.graft.data.view.DataStats;
import dev.graft.data.view.StatsReader;
import dev.graft.engine.DType;
import dev.graft.model.DecoderSpec;
import dev.graft.plan.MemoryParts;
import dev.graft.plan.ModelShapes;
import dev.graft.plan.Plan;
import dev.graft.plan.PlanSettings;
import dev.graft.plan.StepShape;
import dev.graft.plan.Technique;
import dev.graft.plan.TokenLoad;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** One run of {@code graft plan}: from a configuration and data to a plan; nothing is trained. */
public final class PlanRun {
  /** Tokens to plan for when neither data nor a number is given. */
  private static final long USUAL_TOKENS = 1_000_000;

  private static final long MOST_PASS_TOKENS = 1L << 24;

  /**
   * What to plan.
   *
   * @param model {@code config.json}, folder, GGUF file or Hub name
   */
  public record Request(
      String model, Data data, Training training, Hardware hardware, PlanSettings.Wish wish) {}

  /**
   * The tokens.
   *
   * @param files to count with the model's tokenizer; where none, {@code tokens} is taken
   * @param tokens 0 for the usual number
   * @param learntShare share of {@code tokens} that carry loss
   */
  public record Data(
      List<Path> files,
      RowOptions rows,
      LossOn lossOn,
      long tokens,
      double learntShare,
      double epochs) {}

  /**
   * The settings of training.
   *
   * @param batchSize examples of a step on each device
   * @param microBatchSize examples in work at once; 0 for as many as training takes by itself
   * @param accumulation how often a step accumulates, instead of {@code microBatchSize}; 0 where it
   *     is not given
   */
  public record Training(
      DType dtype,
      int batchSize,
      int microBatchSize,
      int accumulation,
      int maxLength,
      boolean checkpointing,
      List<Integer> ranks,
      TargetModules targets,
      int virtualTokens) {}

  /**
   * What it would run on.
   *
   * @param devices names of accelerators, {@code here} for this machine, {@code all}
   * @param prices an hour's price of each device, or {@code NAME=PRICE}
   * @param utilization share of the peak rate, or of the measured products', that a step reaches
   * @param watts of this machine; 0 where not given
   * @param probe seconds that this machine is measured for; 0 for not at all
   * @param threads of this machine; 0 is one a core
   * @param parallel devices that work on examples of their own
   */
  public record Hardware(
      List<String> devices,
      List<String> prices,
      double utilization,
      double watts,
      double probe,
      int threads,
      int parallel,
      MemoryParts.Sharding sharding) {}

  private PlanRun() {}

  /** Plans; {@code stop} ends the counting of data early with the rows done. */
  public static Plan run(Request request, RunListener listener, BooleanSupplier stop) {
    PlanMachines machines = PlanMachines.parse(request.hardware());
    PlanModel model = PlanModel.open(request.model(), listener::download);
    DecoderSpec spec = model.spec();
    TargetModules targets = request.training().targets();
    if (ModelShapes.adapted(spec, targets).modules().isEmpty()) {
      throw new InputException(
          "--target-modules: no module matches; the model has "
              + String.join(
                  ", ", ModelShapes.linears(spec).stream().map(ModelShapes.Linear::name).toList()));
    }
    TokenLoad load =
        request.data().files().isEmpty() ? given(request) : counted(model, request, listener, stop);
    int threads = machines.includesHere() ? machines.threads() : 1;
    Subject subject = new Subject(spec, step(request.training(), load, threads), load);
    Hardware hardware = request.hardware();
    List<Integer> ranks = request.training().ranks();
    PlanSettings settings =
        new PlanSettings(
            subject.step(),
            new PlanSettings.Scale(
                request.data().epochs(), hardware.parallel(), hardware.sharding()),
            PlanSettings.techniques(ranks, request.training().virtualTokens()),
            machines.measured(subject, ranks, listener),
            wish(request.wish()));
    return Plan.of(spec, settings, load);
  }

  /** What is planned for. */
  record Subject(DecoderSpec spec, StepShape step, TokenLoad load) {}

  private static PlanSettings.Wish wish(PlanSettings.Wish wish) {
    if (!wish.fit() || wish.memory() > 0) {
      return wish;
    }
    long here = PlanMachines.memory();
    if (here == Long.MAX_VALUE) {
      throw new InputException("--fit: this machine's memory is not known; give --memory");
    }
    return new PlanSettings.Wish(here, true, wish.flops());
  }

  private static TokenLoad given(Request request) {
    long tokens = request.data().tokens();
    return TokenLoad.of(
        tokens == 0 ? USUAL_TOKENS : tokens,
        request.training().maxLength(),
        request.data().learntShare(),
        tokens == 0 ? "an example; give --data or --tokens" : "as given by --tokens");
  }

  private static TokenLoad counted(
      PlanModel model, Request request, RunListener listener, BooleanSupplier stop) {
    Data data = request.data();
    int limit = request.training().maxLength();
    try (BaseModel base = model.base()) {
      StatsReader reader =
          new StatsReader(
              Examples.encoder(base, data.lossOn()),
              limit,
              Runtime.getRuntime().availableProcessors(),
              data.rows());
      for (Path file : data.files()) {
        reader.read(file, rows -> listener.progress("counted " + rows + " rows"), stop);
      }
      DataStats stats = reader.stats();
      if (stop.getAsBoolean() && stats.tokens().longest() == 0 && stats.errors().isEmpty()) {
        throw new InputException("--data: stopped before a row was counted");
      }
      return load(stats, limit);
    }
  }

  private static TokenLoad load(DataStats stats, int limit) {
    NavigableMap<Integer, Long> lengths = new TreeMap<>();
    for (int n = Math.max(1, stats.tokens().shortest()); n <= stats.tokens().longest(); n++) {
      long rows = stats.tokens().between(n, n);
      if (rows > 0) {
        lengths.merge(Math.min(n, limit), rows, Long::sum);
      }
    }
    if (lengths.isEmpty()) {
      String first = stats.errors().isEmpty() ? "" : "; the first: " + stats.errors().getFirst();
      throw new InputException("--data: no row can be used" + first);
    }
    long lost =
        stats.limits().stream()
            .filter(effect -> effect.limit() == limit)
            .mapToLong(DataStats.LimitEffect::learntLost)
            .sum();
    return new TokenLoad(
        lengths,
        stats.learnt().total() - lost,
        stats.sharedPrefix(),
        "counted with the model's tokenizer");
  }

  private static StepShape step(Training training, TokenLoad load, int threads) {
    int length = training.maxLength();
    int pass = training.microBatchSize();
    if (training.accumulation() > 0) {
      if (pass > 0) {
        throw new InputException(
            "--accumulation: --micro-batch-size says the same in another way; give one of them");
      }
      pass = Math.ceilDiv(training.batchSize(), training.accumulation());
    }
    pass = Math.min(pass, training.batchSize());
    if ((long) pass * length > MOST_PASS_TOKENS) {
      throw new InputException(
          "a pass of " + pass + " examples of " + length + " tokens is too large to plan");
    }
    return new StepShape(
        new Technique(Technique.Kind.PROMPTING, 0),
        training.targets(),
        training.dtype(),
        new StepShape.Batch(training.batchSize(), pass),
        length,
        Math.min(1, load.learnt() / load.tokens()),
        training.checkpointing(),
        threads);
  }
}
