package dev.graft.engine;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the floating-point operations of matrix products as they are executed: a product (N, K) by
 * (K, M) is {@code 2·N·K·M}, whatever the library makes of it. What is computed anew in a backward
 * pass counts again; norms, activations and other passes over elements do not count.
 *
 * <p>The count is that of the whole process, on all its threads. It stands for pairs of a
 * multiplication and an addition and may run over, so it is only read as a difference.
 */
public final class Work {
  private static final LongAdder PAIRS = new LongAdder();

  private Work() {}

  /** The present place in the count, for {@link #flops}. */
  public static long mark() {
    return PAIRS.sum();
  }

  /** Floating-point operations between two places. */
  public static double flops(long from, long to) {
    return 2.0 * (to - from); // right also where the count ran over
  }

  /**
   * Adds a product.
   *
   * @param results how many sums were made
   * @param inner products that each of them adds up
   */
  public static void product(long results, long inner) {
    PAIRS.add(results * inner);
  }
}
