package dev.graft.engine.kernels;

/**
 * A bfloat16 matrix in memory whose rows are contiguous.
 *
 * @param address of the first element
 * @param columns a multiple of {@link #WIDTH}
 * @param stride elements from one row to the next
 */
public record Matrix(long address, int rows, int columns, long stride) {
  /** What the number of columns must be a multiple of. */
  public static final int WIDTH = 32;

  /** Address of a row. */
  long row(int row) {
    return address + 2 * stride * row;
  }

  /** Some of the rows. */
  public Matrix rows(int from, int count) {
    return new Matrix(row(from), count, columns, stride);
  }

  /** The same rows, some of the columns. */
  public Matrix columns(int from, int count) {
    return new Matrix(address + 2L * from, rows, count, stride);
  }
}
