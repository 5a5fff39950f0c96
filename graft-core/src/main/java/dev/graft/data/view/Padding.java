package dev.graft.data.view;

import dev.graft.data.EpochOrder;
import dev.graft.data.MicroBatches;
import java.util.Arrays;

/** What padding would cost, and what packing makes of the same batches. */
public final class Padding {
  /** Four megabytes of lengths; a longer data set is judged by its beginning. */
  private static final int MOST = 1_000_000;

  private int[] lengths = new int[1024];
  private int size;

  Padding() {}

  /**
   * The batches of one epoch in training's order.
   *
   * @param examples how many were looked at
   * @param batchSize examples of a batch
   * @param tokens of all examples, none of them padding
   * @param padded tokens when each batch is padded to its longest example
   * @param passes micro-batches with packing, none of them with padding
   */
  public record Result(int examples, int batchSize, long tokens, long padded, long passes) {
    /** Share of the padded tokens that is padding, from 0 to 1. */
    public double share() {
      return padded == 0 ? 0 : (double) (padded - tokens) / padded;
    }
  }

  void add(int length) {
    if (size == MOST) {
      return;
    }
    if (size == lengths.length) {
      lengths = Arrays.copyOf(lengths, Math.min(MOST, 2 * size));
    }
    lengths[size++] = length;
  }

  /**
   * Makes the batches of the first epoch.
   *
   * @param seed training's, which decides the order
   * @param prefix tokens that all examples begin with, before anything is learnt
   */
  public Result of(int batchSize, long seed, int prefix) {
    if (size == 0) {
      return new Result(0, batchSize, 0, 0, 0);
    }
    MicroBatches packing = new MicroBatches(0, MicroBatches.AUTOMATIC_TOKENS, true);
    EpochOrder order = new EpochOrder(size, seed);
    EpochOrder.Cursor cursor = EpochOrder.Cursor.START;
    long tokens = 0;
    long padded = 0;
    long passes = 0;
    while (cursor.epoch() == 0) {
      int[] batch = order.batch(cursor, batchSize);
      int[] own = Arrays.stream(batch).map(index -> lengths[index]).toArray();
      tokens += Arrays.stream(own).asLongStream().sum();
      padded += (long) Arrays.stream(own).max().orElse(0) * batch.length;
      passes += packing.divide(own, prefix, 1).getFirst().size();
      cursor = order.after(cursor, batch.length);
    }
    return new Result(size, batchSize, tokens, padded, passes);
  }
}
