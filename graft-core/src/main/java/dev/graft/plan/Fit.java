package dev.graft.plan;

import dev.graft.model.DecoderSpec;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * What of a technique fits a limit of memory.
 *
 * @param largestBatch most examples a pass at the length asked for; 0 where not even one fits
 * @param largestLength longest example that fits alone, up to the model's context; 0 where none
 * @param cheapest the settings with the fewest operations for the examples asked for; empty where
 *     nothing fits
 */
public record Fit(int largestBatch, int largestLength, Optional<Choice> cheapest) {
  private static final int MOST_BATCH = 1 << 16;

  /** Tokens of a pass that are considered; a pass of more is beyond any device. */
  private static final long MOST_TOKENS = 1L << 24;

  /**
   * Settings that fit.
   *
   * @param batch examples a pass
   * @param examples of a step, on one device
   * @param length tokens of an example
   * @param checkpointing whether activations are computed anew
   */
  public record Choice(int batch, int examples, int length, boolean checkpointing) {}

  /** The limit and what it holds for. */
  record Limit(DecoderSpec spec, PlanSettings.Scale scale, long bytes) {
    boolean holds(StepShape shape) {
      long tokens = (long) shape.batch().pass() * (shape.length() + shape.virtual());
      return tokens <= MOST_TOKENS
          && TechniqueMemory.longest(spec, shape).sharded(scale.sharding(), scale.devices()).total()
              <= bytes;
    }
  }

  /** Searches by halving, for memory grows with batch and length. */
  static Fit of(Limit limit, StepShape wanted) {
    int examples = wanted.batch().examples();
    int batch = largest(MOST_BATCH, b -> limit.holds(wanted.withBatch(Math.max(examples, b), b)));
    StepShape alone = wanted.withBatch(examples, 1);
    int context = Math.max(wanted.length(), limit.spec.maxPositions());
    int length = largest(context, n -> limit.holds(alone.withLength(n)));
    return new Fit(batch, length, cheapest(limit, wanted));
  }

  /** Without recomputing first, in as few passes as fit; then shorter examples. */
  private static Optional<Choice> cheapest(Limit limit, StepShape wanted) {
    int examples = wanted.batch().examples();
    for (boolean checkpointing : new boolean[] {false, true}) {
      StepShape shape = wanted.withCheckpointing(checkpointing);
      int batch = largest(examples, b -> limit.holds(shape.withBatch(examples, b)));
      if (batch > 0) {
        return Optional.of(new Choice(batch, examples, shape.length(), checkpointing));
      }
    }
    StepShape least = wanted.withBatch(examples, 1).withCheckpointing(true);
    int length = largest(wanted.length(), n -> limit.holds(least.withLength(n)));
    return length == 0 ? Optional.empty() : Optional.of(new Choice(1, examples, length, true));
  }

  /** The largest number from 1 to {@code most} that holds; 0 where 1 does not. */
  private static int largest(int most, IntPredicate holds) {
    if (!holds.test(1)) {
      return 0;
    }
    int low = 1;
    int high = most;
    while (low < high) {
      int middle = low + (high - low + 1) / 2;
      if (holds.test(middle)) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
