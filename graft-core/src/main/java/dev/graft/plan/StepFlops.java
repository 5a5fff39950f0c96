package dev.graft.plan;

import dev.graft.adapter.TargetModules;
import dev.graft.data.MicroBatches;
import dev.graft.engine.DType;
import dev.graft.model.DecoderSpec;
import dev.graft.train.Trainer;
import java.util.Arrays;
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
   * @param lengths of the step's examples in tokens
   * @param learnt tokens of them that carry loss
   */
  public double of(int[] lengths, int[] learnt) {
    NavigableMap<Integer, Long> counts = new TreeMap<>();
    int longest = 1;
    for (int length : lengths) {
      counts.merge(length, 1L, Long::sum);
      longest = Math.max(longest, length);
    }
    Technique technique = new Technique(rank > 0 ? Technique.Kind.LORA : Technique.Kind.FULL, rank);
    StepShape shape =
        new StepShape(
            technique,
            new TargetModules.AllLinear(),
            dtype,
            new StepShape.Batch(lengths.length, 0),
            longest,
            1,
            false,
            threads);
    long trained = technique.trainable(spec, shape.targets());
    int lanes = Trainer.lanes(trained, lengths.length, threads);
    StepLayout layout = StepLayout.of(batches, lanes, lengths, learnt);
    TokenLoad load = new TokenLoad(counts, Arrays.stream(learnt).sum(), "examples");
    return ExecutedFlops.of(spec, shape, load, layout).total();
  }
}
