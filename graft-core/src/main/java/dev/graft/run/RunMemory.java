package dev.graft.run;

import dev.graft.InputException;
import dev.graft.config.TrainOptions;
import dev.graft.data.EpochOrder;
import dev.graft.data.Example;
import dev.graft.data.ExampleStream;
import dev.graft.engine.Engine;
import dev.graft.model.Decoder;
import dev.graft.model.PackedTokens;
import dev.graft.plan.Figures;
import dev.graft.plan.StepLayout;
import dev.graft.plan.TrainingMemory;
import dev.graft.plan.TrainingMemory.Lane;
import dev.graft.train.TrainPlan;
import dev.graft.train.Trainer;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The most memory that a run's steps take, computed before the first one from the lengths of the
 * very examples that they will be made of.
 *
 * @param lanes the passes of the largest step, side by side
 */
record RunMemory(List<Lane> lanes) {
  /**
   * What the process takes besides tensors, in bytes: the Java virtual machine, the libraries, and
   * their compiled products. Runs of SmolLM2-135M took 700 to 1,060 MB (docs/performance.md).
   */
  static final long BESIDE = 900L << 20;

  /** Later steps are not looked at: in so many the longest examples meet as they ever do. */
  private static final int MOST_STEPS = 2000;

  /** Looks at the steps to come. */
  static RunMemory of(TrainOptions options, Learner learner, TrainPlan plan, Learning learning) {
    long trained = learner.target().parameters().count();
    int lanes = Trainer.lanes(trained, plan.batchSize(), Engine.threads());
    Trainer.TrainData data = learning.data();
    if (data.stream().isPresent()) {
      // Streamed text is packed: every example is as long as is allowed, and all of it is learnt.
      PackedTokens text = PackedTokens.text(new int[options.maxLength()]);
      Example example = new Example(1, text, false);
      return new RunMemory(largest(plan, lanes, Collections.nCopies(plan.batchSize(), example)));
    }
    ExampleStream order = ExampleStream.of(data.train(), plan.seed());
    EpochOrder.Cursor at = EpochOrder.Cursor.START;
    List<Lane> largest = List.of();
    for (long step = 0; step < Math.min(MOST_STEPS, plan.steps()); step++) {
      ExampleStream.Batch batch = order.batch(at, plan.batchSize());
      at = batch.after();
      List<Lane> passes = largest(plan, lanes, batch.examples());
      largest = tokens(passes) > tokens(largest) ? passes : largest;
    }
    return new RunMemory(largest);
  }

  /** The largest pass of each lane. */
  private static List<Lane> largest(TrainPlan plan, int lanes, List<Example> examples) {
    return StepLayout.of(plan.microBatches(), lanes, examples).largest();
  }

  private static int tokens(List<Lane> lanes) {
    return lanes.stream().mapToInt(Lane::distinct).sum();
  }

  /** Bytes that the process will hold at most. */
  long process(Learner learner, boolean recompute) {
    Decoder model = learner.model();
    TrainingMemory.Setting setting = new TrainingMemory.Setting(model.dtype(), lanes, recompute);
    return TrainingMemory.of(model.spec(), trained(learner), setting).total() + BESIDE;
  }

  /**
   * Whether activations have to be computed anew for the run to stay below its limit.
   *
   * @throws InputException where that is not enough either
   */
  boolean recomputes(TrainOptions options, Learner learner) {
    long limit = options.memoryLimit().orElse(Long.MAX_VALUE);
    if (options.activationCheckpointing() || process(learner, false) > limit) {
      long least = process(learner, true);
      if (least > limit) {
        throw new InputException(
            "--memory-limit: the run needs about "
                + Figures.bytes(least)
                + " even with activation checkpointing; a smaller --max-length or"
                + " --micro-batch-size, or an adapter in place of --method full, needs less");
      }
      return true;
    }
    return false;
  }

  private static TrainingMemory.Trained trained(Learner learner) {
    Decoder model = learner.model();
    if (learner.target().lora().isEmpty()) {
      return TrainingMemory.Trained.ALL;
    }
    List<String> modules = model.adaptableModules();
    int each = modules.size() / model.spec().layers();
    List<int[]> ranks =
        IntStream.range(0, model.spec().layers()).mapToObj(layer -> new int[each]).toList();
    learner
        .target()
        .lora()
        .get()
        .resolve(modules)
        .forEach(target -> {
          int place = modules.indexOf(target.module());
          ranks.get(place / each)[place % each] = target.rank();
        });
    return new TrainingMemory.Trained(ranks, learner.target().lora().get().dropout() > 0);
  }
}
