package dev.graft.generate;

import java.util.BitSet;
import java.util.SplittableRandom;

/** Chooses the next token from logits, in the order penalty, temperature, top-k, top-p. */
final class Sampler {
  private final SamplingOptions options;
  private final SplittableRandom random;
  private final BitSet seen = new BitSet();

  Sampler(SamplingOptions options) {
    this.options = options;
    this.random = new SplittableRandom(options.seed());
  }

  /** Marks a token as seen, for the repetition penalty. */
  void see(int id) {
    seen.set(id);
  }

  /** Index of the chosen token; changes {@code logits}. */
  int choose(float[] logits) {
    penalise(logits);
    if (options.temperature() == 0) {
      return largest(logits);
    }
    int[] order = candidates(logits);
    double[] weights = new double[order.length];
    double top = logits[order[0]];
    double total = 0;
    for (int i = 0; i < order.length; i++) {
      weights[i] = Math.exp((logits[order[i]] - top) / options.temperature());
      total += weights[i];
    }
    int kept = order.length;
    if (options.topP() < 1) {
      double sum = 0;
      kept = 0;
      while (kept < order.length && sum < options.topP() * total) {
        sum += weights[kept++];
      }
      total = sum;
    }
    double draw = random.nextDouble() * total;
    for (int i = 0; i < kept; i++) {
      draw -= weights[i];
      if (draw < 0) {
        return order[i];
      }
    }
    return order[kept - 1];
  }

  private void penalise(float[] logits) {
    if (options.repetitionPenalty() == 1) {
      return;
    }
    float penalty = (float) options.repetitionPenalty();
    for (int id = seen.nextSetBit(0); id >= 0; id = seen.nextSetBit(id + 1)) {
      if (id < logits.length) {
        logits[id] = logits[id] > 0 ? logits[id] / penalty : logits[id] * penalty;
      }
    }
  }

  private static int largest(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }

  /** Indices by falling logit; only the first k where top-k is set. */
  private int[] candidates(float[] logits) {
    long[] keys = new long[logits.length];
    for (int i = 0; i < logits.length; i++) {
      // Sortable bits of the logit above the index: a sort of primitives, equal logits in order.
      int bits = Float.floatToIntBits(logits[i]);
      int sortable = bits ^ ((bits >> 31) & 0x7fffffff);
      keys[i] = ((long) ~sortable << 32) | (i & 0xffffffffL);
    }
    java.util.Arrays.sort(keys);
    int count = options.topK() > 0 ? Math.min(options.topK(), keys.length) : keys.length;
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = (int) keys[i];
    }
    return order;
  }
}
