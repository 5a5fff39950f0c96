package dev.graft.train;

import dev.graft.InputException;
import dev.graft.data.Example;
import dev.graft.data.ExampleStream;
import dev.graft.engine.Engine;
import dev.graft.engine.Ops;
import dev.graft.engine.Random;
import dev.graft.engine.Work;
import dev.graft.evaluate.Evaluator;
import dev.graft.evaluate.LossReport;
import dev.graft.ledger.Ledger;
import dev.graft.ledger.Meter;
import dev.graft.ledger.RunLedger;
import dev.graft.model.Decoder;
import dev.graft.model.Parameters;
import dev.graft.train.log.PeakMemory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The training loop: the whole of what happens to the weights is in {@link #run}.
 *
 * <p>A step's loss is the mean over all its learnt tokens, whatever the sizes of its examples and
 * micro-batches: each micro-batch adds the gradient of its sum divided by the step's count.
 */
public final class Trainer implements AutoCloseable {
  /** Why a run ended. */
  public enum End {
    /** All steps are done. */
    FINISHED,
    /** The validation loss did not improve for {@code patience} evaluations. */
    EARLY_STOP,
    /** Its result was wanted before all steps were done. */
    CUT_SHORT,
    /** It was asked to stop; a checkpoint was written. */
    INTERRUPTED
  }

  private final Decoder model;
  private final Parameters parameters;
  private final TrainPlan plan;
  private final List<Example> validation;
  private final TrainObserver observer;
  private final Passes passes;
  private final AdamW optimizer;
  private final ExampleStream order;
  private final Checkpoints checkpoints;
  private final String identity;
  private TrainState state = TrainState.START;
  private long savedStep = -1;
  private RunLedger ledger =
      RunLedger.of(
          Meter.start(Engine::threads, PeakMemory::residentBytes),
          new RunLedger.Subject("train", "custom", ""),
          Ledger.EMPTY);

  /**
   * A trainer at the beginning of its run.
   *
   * @param checkpoints folder for checkpoints
   * @param identity of base model, data and trainable weights; a checkpoint of another is refused
   */
  public Trainer(
      Decoder model,
      Parameters parameters,
      TrainPlan plan,
      TrainData data,
      Path checkpoints,
      String identity,
      TrainObserver observer) {
    this.model = model;
    this.parameters = parameters;
    this.plan = plan;
    this.validation = data.validation();
    this.observer = observer;
    this.passes = new Passes(model, parameters, plan.batchSize());
    this.optimizer = new AdamW(parameters, plan.weightDecay());
    this.order = data.stream().orElseGet(() -> ExampleStream.of(data.train(), plan.seed()));
    this.checkpoints = new Checkpoints(checkpoints, plan.keepCheckpoints());
    this.identity = identity;
  }

  /**
   * What a run learns from and is measured on.
   *
   * @param train all examples; empty where they are streamed
   * @param validation may be empty
   * @param stream of the examples; closed by its owner
   */
  public record TrainData(
      List<Example> train, List<Example> validation, Optional<ExampleStream> stream) {
    /** Examples in memory. */
    public TrainData(List<Example> train, List<Example> validation) {
      this(train, validation, Optional.empty());
    }
  }

  /**
   * Passes that a step runs side by side on the processor.
   *
   * @param trained number of trained parameters
   * @param batchSize examples of a step
   * @param threads that operations may use
   */
  public static int lanes(long trained, int batchSize, int threads) {
    return Math.clamp(Passes.mostLanes(trained, batchSize), 1, threads);
  }

  /** Writes what it spends to this ledger; else to one of its own, which knows of no parents. */
  public Trainer keeping(RunLedger kept) {
    this.ledger = kept;
    return this;
  }

  public TrainState state() {
    return state;
  }

  /** Goes to the newest checkpoint that is whole; false when there is none. */
  public boolean resume() {
    List<InputException> problems = new ArrayList<>();
    for (long step : checkpoints.steps()) {
      try {
        Checkpoint.Saved saved =
            Checkpoint.read(checkpoints.file(step), tensors(), identity, order);
        state = saved.state();
        ledger.resume(saved.ledger(), step);
        model.refresh();
        savedStep = state.step();
        problems.forEach(observer::onUnusableCheckpoint);
        return true;
      } catch (InputException e) {
        problems.add(e); // an older one may be whole
      }
    }
    if (!problems.isEmpty()) {
      throw problems.getFirst();
    }
    return false;
  }

  /** Trains until the plan's last step, an early stop, or {@code stop} at the end of a step. */
  public End run(BooleanSupplier stop) {
    while (true) {
      boolean evaluated = !evaluationIsDue() || evaluate(stop);
      boolean finished = state.step() >= plan.steps();
      if (evaluated && (finished || stopsEarly())) {
        save();
        return finished ? End.FINISHED : End.EARLY_STOP;
      }
      if (!evaluated || stop.getAsBoolean()) {
        savedStep = evaluated ? savedStep : -1; // what was spent on half an evaluation counts
        save();
        return End.INTERRUPTED;
      }
      boolean saveIsDue = plan.saveEvery() > 0 && state.step() % plan.saveEvery() == 0;
      if (state.step() > 0 && (saveIsDue || state.step() == state.bestStep())) {
        save();
      }
      step();
    }
  }

  /** Ends the run where it is: evaluates what has not been, and saves. */
  public End finish(BooleanSupplier stop) {
    boolean evaluates = plan.evalEvery() > 0 && !validation.isEmpty();
    boolean whole = !evaluates || state.evaluatedStep() == state.step() || evaluate(stop);
    savedStep = whole ? savedStep : -1;
    save();
    return whole ? End.CUT_SHORT : End.INTERRUPTED;
  }

  /** Whether the present step asks for an evaluation that has not been made. */
  private boolean evaluationIsDue() {
    long step = state.step();
    if (plan.evalEvery() == 0 || validation.isEmpty() || state.evaluatedStep() == step) {
      return false;
    }
    return step == plan.steps() || step % plan.evalEvery() == 0;
  }

  private boolean stopsEarly() {
    return plan.patience() > 0 && state.badEvaluations() >= plan.patience();
  }

  private void step() {
    long began = System.nanoTime();
    long mark = Work.mark();
    ExampleStream.Batch batch = order.batch(state.cursor(), plan.batchSize());
    long tokens = 0;
    long trained = 0;
    for (Example example : batch.examples()) {
      tokens += example.tokens().tokens();
      trained += example.tokens().learntTokens();
    }
    long step = state.step() + 1;
    double sum =
        passes.run(
            plan.microBatches().split(batch.examples(), passes.lanes()),
            1.0 / trained,
            Random.seed(plan.seed(), step));
    double loss = sum / trained;
    double norm = clip();
    if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
      throw new InputException(
          "step "
              + step
              + ": loss or gradient is not finite; a lower --learning-rate or --precision fp32 may"
              + " help (the last checkpoint is unharmed)");
    }
    double rate = plan.schedule().at(step);
    optimizer.step(step, rate);
    passes.refresh();
    double seconds = (System.nanoTime() - began) / 1e9;
    state = state.afterStep(batch.after(), tokens, trained, seconds);
    double flops = Work.flops(mark, Work.mark());
    ledger.step(batch.examples().size(), tokens, trained);
    observer.onStep(
        new TrainObserver.StepReport(step, loss, tokens, trained, flops, seconds, rate, norm),
        state);
  }

  /** Scales the gradients down to the largest norm allowed; returns their norm before. */
  private double clip() {
    double norm = Ops.norm(parameters.gradients());
    if (plan.maxGradNorm() > 0 && norm > plan.maxGradNorm()) {
      parameters.gradients().mulInPlace(plan.maxGradNorm() / (norm + 1e-6));
    }
    return norm;
  }

  private boolean evaluate(BooleanSupplier stop) {
    LossReport report =
        new Evaluator(model, passes.workers().orElse(null))
            .evaluate(validation, done -> ledger.evaluated(), stop);
    ledger.evaluated();
    if (report.examples().size() < validation.size()) {
      return false;
    }
    state = state.afterEvaluation(report.loss());
    savedStep = -1; // a checkpoint from before the evaluation lacks it
    observer.onEvaluation(state.step(), report, state.bestStep() == state.step());
    return true;
  }

  private void save() {
    if (savedStep == state.step()) {
      return;
    }
    Path file = checkpoints.file(state.step());
    Checkpoint.write(file, state, ledger.present(), tensors(), identity);
    savedStep = state.step();
    checkpoints.prune(state.bestStep());
    observer.onCheckpoint(state.step(), file);
  }

  /** Takes the best checkpoint's weights, or leaves the last ones where nothing was evaluated. */
  public long useBest() {
    long best = state.bestStep();
    if (best > 0 && best != state.step()) {
      Checkpoint.readValues(checkpoints.file(best), tensors(), identity);
      model.refresh();
    }
    return best > 0 ? best : state.step();
  }

  private Checkpoint.Tensors tensors() {
    return new Checkpoint.Tensors(
        parameters.values(), optimizer.firstMoment(), optimizer.secondMoment());
  }

  @Override
  public void close() {
    optimizer.close();
    passes.close();
  }
}
