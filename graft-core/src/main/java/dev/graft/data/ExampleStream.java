package dev.graft.data;

import java.util.List;

/**
 * The examples that a run learns from, in their order. The order is fixed: a place in it is all
 * that a run needs to go on from there.
 */
public interface ExampleStream extends AutoCloseable {
  /**
   * Examples of one optimizer step.
   *
   * @param after the place behind them
   */
  record Batch(List<Example> examples, EpochOrder.Cursor after) {}

  /** Whether there can be such a place. */
  boolean contains(EpochOrder.Cursor cursor);

  /** The batch at a place: {@code size} examples or fewer, at least one. */
  Batch batch(EpochOrder.Cursor from, int size);

  @Override
  default void close() {}

  /** Examples that are all in memory, every epoch in an order of its own. */
  static ExampleStream of(List<Example> examples, long seed) {
    EpochOrder order = new EpochOrder(examples.size(), seed);
    return new ExampleStream() {
      @Override
      public boolean contains(EpochOrder.Cursor cursor) {
        return order.contains(cursor);
      }

      @Override
      public Batch batch(EpochOrder.Cursor from, int size) {
        int[] chosen = order.batch(from, size);
        List<Example> batch = java.util.Arrays.stream(chosen).mapToObj(examples::get).toList();
        return new Batch(batch, order.after(from, chosen.length));
      }
    };
  }
}
