package dev.graft.plan;

import dev.graft.model.DecoderSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What each way to adapt a model would cost.
 *
 * @param spec the model
 * @param settings what was asked
 * @param load the user's tokens, of one epoch
 * @param rows one a technique
 * @param scaling what the scaling laws say
 * @param advice rules of thumb
 */
public record Plan(
    DecoderSpec spec,
    PlanSettings settings,
    TokenLoad load,
    List<Row> rows,
    Scaling scaling,
    List<Advice> advice) {
  /**
   * One technique.
   *
   * @param memory of one device, by part
   * @param work of all epochs on all devices
   * @param tokens of all epochs
   * @param costs one a machine, in the settings' order
   * @param fit what fits the limit; empty where it was not asked for
   */
  public record Row(
      Technique technique,
      MemoryParts memory,
      Work work,
      double tokens,
      List<Cost> costs,
      Optional<Fit> fit) {}

  /**
   * What is done.
   *
   * @param trainable number of trained elements
   * @param flops by the usual count
   * @param executed as Graft's passes execute them
   * @param steps of the optimizer
   */
  public record Work(long trainable, FlopCount flops, ExecutedFlops executed, long steps) {}

  /**
   * Time, energy and price.
   *
   * @param seconds of all epochs
   * @param kilowattHours of all devices
   * @param price of all devices; NaN where no rate was given
   * @param memory of a step on one device, in bytes
   * @param fits whether it is there
   */
  public record Cost(
      Machine machine,
      double seconds,
      double kilowattHours,
      double price,
      long memory,
      boolean fits) {}

  /**
   * What the scaling laws say, each law once.
   *
   * @param flops the budget that is divided
   * @param parameters this model's size
   * @param tokens the user's tokens of all epochs
   */
  public record Scaling(double flops, long parameters, double tokens) {}

  /** Computes a plan. */
  public static Plan of(DecoderSpec spec, PlanSettings settings, TokenLoad load) {
    List<Row> rows = new ArrayList<>();
    for (Technique technique : settings.techniques()) {
      rows.add(row(spec, settings, load, technique));
    }
    double epochs = settings.scale().epochs();
    Technique pretrain = new Technique(Technique.Kind.PRETRAIN, 0);
    double budget = settings.wish().flops();
    if (budget == 0) {
      StepShape step = settings.step().withCheckpointing(false).withTechnique(pretrain);
      budget = FlopCount.of(work(spec, step), load(step, load)).total() * epochs;
    }
    return new Plan(
        spec,
        settings,
        load,
        rows,
        new Scaling(budget, ModelShapes.of(spec).total(), load.tokens() * epochs),
        Advice.of(spec, settings.step().targets(), load, epochs));
  }

  static FlopCount.Work work(DecoderSpec spec, StepShape step) {
    return new FlopCount.Work(spec, step.technique(), step.targets(), step.checkpointing());
  }

  /** The tokens as a technique sees them: plain text is packed and learnt whole. */
  static TokenLoad load(StepShape step, TokenLoad load) {
    return step.technique().kind().learnsAllTokens() ? load.packed(step.length()) : load;
  }

  private static Row row(
      DecoderSpec spec, PlanSettings settings, TokenLoad load, Technique technique) {
    PlanSettings.Scale scale = settings.scale();
    StepShape step = shape(settings, technique, load);
    TokenLoad own = load(step, load);
    FlopCount flops = FlopCount.of(work(spec, step), own).times(scale.epochs());
    double perStep = (double) step.batch().examples() * scale.devices();
    boolean trains = technique.kind() != Technique.Kind.PROMPTING;
    long steps = trains ? (long) Math.ceil(own.examples() * scale.epochs() / perStep) : 0;
    long trainable = technique.trainable(spec, step.targets());
    StepLayout passes = StepLayout.of(step, own, trainable);
    ExecutedFlops executed = ExecutedFlops.of(spec, step, own, passes).times(scale.epochs());
    Work work = new Work(trainable, flops, executed, steps);
    List<Cost> costs =
        settings.machines().stream()
            .map(machine -> {
              StepShape there = step.withThreads(machine.threads());
              StepLayout layout = StepLayout.of(there, own, trainable);
              double seconds = seconds(machine, work, there, layout);
              return cost(machine, seconds, scale.devices(), memory(spec, scale, there, layout));
            })
            .toList();
    PlanSettings.Wish wish = settings.wish();
    Optional<Fit> fit =
        wish.fit()
            ? Optional.of(Fit.of(new Fit.Limit(spec, scale, wish.memory()), step))
            : Optional.empty();
    MemoryParts memory = memory(spec, scale, step, passes);
    return new Row(technique, memory, work, own.tokens() * scale.epochs(), costs, fit);
  }

  private static MemoryParts memory(
      DecoderSpec spec, PlanSettings.Scale scale, StepShape step, StepLayout layout) {
    return TechniqueMemory.of(spec, step, layout).sharded(scale.sharding(), scale.devices());
  }

  /**
   * A technique's step: plain text fills the length and is learnt whole; examples may be shorter.
   */
  static StepShape shape(PlanSettings settings, Technique technique, TokenLoad load) {
    StepShape step = settings.step().withTechnique(technique);
    boolean all = technique.kind().learnsAllTokens();
    return new StepShape(
        technique,
        step.targets(),
        step.dtype(),
        step.batch(),
        all ? step.length() : Math.min(step.length(), load.longest()),
        all ? 1 : step.learntShare(),
        step.checkpointing() && technique.kind() != Technique.Kind.PROMPTING,
        step.threads());
  }

  /** Seconds of all epochs on so many devices of this kind. */
  private static double seconds(Machine machine, Work work, StepShape step, StepLayout layout) {
    return machine
        .pace()
        .map(pace ->
            pace.seconds(
                step.technique(), work.executed(), work.trainable(), (double) work.steps(), layout))
        .orElse(work.flops().total() / machine.flopsPerSecond());
  }

  private static Cost cost(Machine machine, double seconds, int devices, MemoryParts memory) {
    double hours = seconds / 3600;
    return new Cost(
        machine,
        seconds / devices,
        hours * machine.watts() / 1000,
        hours * machine.pricePerHour(),
        memory.total(),
        memory.total() <= machine.memory());
  }
}
