package dev.graft.plan;

import dev.graft.adapter.TargetModules;
import dev.graft.data.Example;
import dev.graft.data.MicroBatches;
import dev.graft.engine.DType;
import dev.graft.model.DecoderSpec;
import dev.graft.train.Trainer;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Floating-point operations of single optimizer steps, as Graft executes them; see {@link
 * ExecutedFlops}.
 *
 * @param spec the model
 * @param rank of the adapter on all linear layers; 0 where all weights are trained
 * @param dtype compute type
 * @param batches how a step is divided
 * @param threads passes side by side, where gradients are small enough
 */
public record StepFlops(
    DecoderSpec spec, int rank, DType dtype, MicroBatches batches, int threads) {

  /**
   * One step without activation checkpointing.
   *
   * @param examples of the step
   */
  public double of(List<Example> examples) {
    NavigableMap<Integer, Long> counts = new TreeMap<>();
    long learnt = 0;
    for (Example example : examples) {
      counts.merge(example.tokens().tokens(), 1L, Long::sum);
      learnt += example.tokens().learntTokens();
    }
    Technique technique = new Technique(rank > 0 ? Technique.Kind.LORA : Technique.Kind.FULL, rank);
    StepShape shape =
        new StepShape(
            technique,
            new TargetModules.AllLinear(),
            dtype,
            new StepShape.Batch(examples.size(), 0),
            counts.lastKey(),
            1,
            false,
            threads);
    long trained = technique.trainable(spec, shape.targets());
    int lanes = Trainer.lanes(trained, examples.size(), threads);
    StepLayout layout = StepLayout.of(batches, lanes, examples);
    TokenLoad load = new TokenLoad(counts, learnt, 0, "examples");
    return ExecutedFlops.of(spec, shape, load, layout).total();
  }
}
