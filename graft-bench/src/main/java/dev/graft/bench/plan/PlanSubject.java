package dev.graft.bench.plan;

import dev.graft.data.Example;
import dev.graft.engine.DType;
import dev.graft.model.DecoderSpec;
import dev.graft.model.PackedTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What all settings of one measurement have in common.
 *
 * @param length tokens of every example
 * @param batch examples of a step
 * @param learntShare share of an example's tokens that carry loss, the last ones
 * @param checkpointing whether activations are computed anew
 */
record PlanSubject(
    DecoderSpec spec,
    DType dtype,
    int length,
    int batch,
    double learntShare,
    boolean checkpointing,
    int threads) {
  /** Examples of so many steps, of tokens without meaning. */
  List<Example> examples(int steps) {
    SplittableRandom random = new SplittableRandom(1);
    int learnt = Math.clamp(Math.round(length * learntShare), 1, length - 1);
    List<Example> examples = new ArrayList<>();
    for (int e = 0; e < steps * batch; e++) {
      boolean[] mask = new boolean[length];
      Arrays.fill(mask, length - learnt, length, true);
      int[] ids = random.ints(length, 0, spec.vocabulary()).toArray();
      examples.add(new Example(e + 1L, PackedTokens.single(ids, mask), false));
    }
    return examples;
  }
}
