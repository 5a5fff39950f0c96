package dev.graft.engine.kernels;

/**
 * Rows of float32 on the heap, each in the order of {@link Lanes}: of every chunk of 2·L elements
 * the even ones come first.
 *
 * @param stride elements from one row to the next
 */
public record FloatRows(float[] values, int rows, int stride) {
  /** Zeros. */
  public static FloatRows of(int rows, int columns) {
    return new FloatRows(new float[Math.multiplyExact(rows, columns)], rows, columns);
  }

  /** Where a row begins. */
  public int at(int row) {
    return row * stride;
  }

  /** Where an element of a row in plain order is, from the row's beginning. */
  public static int place(int column) {
    int in = column % Lanes.CHUNK;
    return column - in + (in & 1) * Lanes.LANES + in / 2;
  }
}
