package dev.graft.demo;

import dev.graft.adapter.TargetModules;
import dev.graft.compare.Comparison;
import dev.graft.compare.Strategy;
import dev.graft.config.DataChecking;
import dev.graft.config.Precision;
import dev.graft.data.LossOn;
import dev.graft.data.RowMapping;
import dev.graft.data.RowOptions;
import dev.graft.data.check.CheckReport;
import dev.graft.engine.DType;
import dev.graft.goal.Goal;
import dev.graft.goal.GoalReport;
import dev.graft.io.OutputPath;
import dev.graft.ledger.Ledger;
import dev.graft.ledger.LedgerFile;
import dev.graft.plan.MemoryParts;
import dev.graft.plan.Plan;
import dev.graft.plan.PlanSettings;
import dev.graft.run.CompareRequest;
import dev.graft.run.CompareRun;
import dev.graft.run.DataCheckRun;
import dev.graft.run.PlanRun;
import dev.graft.run.RunListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * {@code graft demo}: what a user would do, one step after the other, on the model and the data
 * that come with Graft. Everything is measured in this run, or in an earlier one in the same
 * folder; nothing is stored.
 */
public final class DemoRun {
  private static final int RANK = 16;
  private static final int EPOCHS = 3;
  private static final int BATCH = 8;
  private static final int LENGTH = 512;
  private static final int NEW_TOKENS = 64;
  private static final int ANSWERS = 6;
  private static final int SHOTS = 2;

  /** Seconds that the machine is measured for. */
  private static final double PROBE = 3;

  private static final Strategy LORA = new Strategy(Strategy.Kind.LORA, RANK);

  private final Request request;
  private final BooleanSupplier stop;
  private final RunListener listener;

  /**
   * Where.
   *
   * @param home folder of the clone
   * @param output folder of the comparison
   * @param threads 0 for one per core
   */
  public record Request(Path home, Path output, int threads) {}

  /** A demo; {@code stop} becomes true when it should save and end. */
  public DemoRun(Request request, BooleanSupplier stop, RunListener listener) {
    this.request = request;
    this.stop = stop;
    this.listener = listener;
  }

  /**
   * Runs it.
   *
   * @param out gets each part's text as soon as it is there
   * @return whether it came to its end
   */
  public boolean run(Consumer<String> out) throws IOException {
    long began = System.nanoTime();
    DemoFiles files = DemoFiles.in(request.home());
    OutputPath.checkFolder(request.output(), List.of(files.train(), files.valid(), files.test()));
    out.accept(DemoText.title(files));
    Plan plan = plan(files);
    Optional<Ledger> origin = LedgerFile.in(files.model());
    out.accept(DemoText.plan(plan, origin));
    if (stop.getAsBoolean()) {
      return false;
    }
    out.accept(data(files));
    CompareRun.Outcome outcome = new CompareRun(comparison(files), stop, listener).run();
    if (outcome.comparison().isEmpty()) {
      return false;
    }
    Comparison comparison = outcome.comparison().get();
    out.accept(DemoText.comparison(comparison, outcome.found()));
    out.accept(DemoText.predicted(plan, comparison));
    Path adapter = adapter(comparison);
    out.accept(DemoText.ledger(LedgerFile.read(adapter)));
    double seconds = (System.nanoTime() - began) / 1e9;
    out.accept(DemoText.end(files, adapter, request.output(), seconds));
    return true;
  }

  private Plan plan(DemoFiles files) {
    PlanRun.Data data =
        new PlanRun.Data(List.of(files.train()), rows(), LossOn.COMPLETION, 0, 1, EPOCHS);
    PlanRun.Training training =
        new PlanRun.Training(
            DType.BF16,
            BATCH,
            0,
            0,
            LENGTH,
            false,
            List.of(RANK),
            new TargetModules.AllLinear(),
            1);
    PlanRun.Hardware hardware =
        new PlanRun.Hardware(
            List.of("here"),
            List.of(),
            1,
            0,
            PROBE,
            request.threads(),
            1,
            MemoryParts.Sharding.NONE);
    PlanSettings.Wish wish = new PlanSettings.Wish(0, false, 0);
    return PlanRun.run(
        new PlanRun.Request(files.model().toString(), data, training, hardware, wish),
        listener,
        () -> false); // counting a few hundred rows is over before anyone could stop it
  }

  private String data(DemoFiles files) {
    DataCheckRun.Request check =
        new DataCheckRun.Request(
            files.model().toString(),
            files.train(),
            Optional.of(files.valid()),
            LENGTH,
            LossOn.COMPLETION,
            Set.of(),
            rows());
    CheckReport report = DataCheckRun.run(check, listener);
    GoalReport goal = DataCheckRun.goal(Goal.read(files.goal()), check, listener);
    return DemoText.data(files, report, goal);
  }

  private static RowOptions rows() {
    return new RowOptions(Optional.empty(), RowMapping.NONE);
  }

  private CompareRequest comparison(DemoFiles files) {
    CompareRequest.Files paths =
        new CompareRequest.Files(
            files.train(),
            Optional.of(files.valid()),
            Optional.of(files.test()),
            rows(),
            Optional.of(files.goal()),
            request.output());
    List<Strategy> strategies =
        List.of(
            new Strategy(Strategy.Kind.ZERO_SHOT, 0),
            new Strategy(Strategy.Kind.FEW_SHOT, SHOTS),
            new Strategy(Strategy.Kind.SCRATCH, 0),
            new Strategy(Strategy.Kind.FULL, 0),
            LORA);
    CompareRequest.Training training =
        new CompareRequest.Training(
            CompareRequest.Equal.FLOPS,
            Optional.of(LORA),
            OptionalDouble.empty(),
            EPOCHS,
            BATCH,
            LENGTH,
            Map.of(),
            DataChecking.ERROR);
    return new CompareRequest(
        files.model().toString(),
        paths,
        new CompareRequest.Grid(strategies, List.of(), List.of(1L)),
        training,
        new CompareRequest.Answering(NEW_TOKENS, ANSWERS),
        Precision.BF16,
        request.threads());
  }

  private Path adapter(Comparison comparison) {
    String run =
        comparison.cells().stream()
            .filter(cell -> cell.cell().strategy().equals(LORA))
            .findFirst()
            .orElseThrow()
            .run();
    return request.output().resolve(run).resolve("adapter");
  }
}
