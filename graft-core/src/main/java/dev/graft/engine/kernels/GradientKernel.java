package dev.graft.engine.kernels;

import static dev.graft.engine.kernels.Lanes.FLOAT;
import static dev.graft.engine.kernels.Lanes.INT;
import static dev.graft.engine.kernels.Lanes.LANES;
import static dev.graft.engine.kernels.Lanes.MEMORY;
import static dev.graft.engine.kernels.Lanes.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/** Adds float32 sums of tiles, whose columns are as {@link TileKernel} has them, to gradients. */
public final class GradientKernel {
  private static final int GROUP = Matrix.WIDTH;
  private static final int SIDE = TurnKernel.SIDE;

  /** Where the columns of a group come from: its even ones lie before its odd ones. */
  private static final IntVector LOWER = columns(0);

  private static final IntVector UPPER = columns(LANES / 2);

  private GradientKernel() {}

  private static IntVector columns(int first) {
    int[] from = new int[LANES];
    for (int l = 0; l < LANES; l++) {
      from[l] = first + l / 2 + (l % 2) * LANES;
    }
    return IntVector.fromArray(INT, from, 0);
  }

  /**
   * Sums in memory.
   *
   * @param rows of them
   * @param columns a multiple of 32
   * @param stride numbers from one row to the next
   */
  public record Sums(long address, int rows, int columns, long stride) {
    long row(int row) {
      return address + 4 * stride * row;
    }

    /** Some of the rows. */
    public Sums rows(int from, int count) {
      return new Sums(row(from), count, columns, stride);
    }

    /** The same rows, some of the columns, from a multiple of 32 on. */
    public Sums columns(int from, int count) {
      return new Sums(address + 4L * from, rows, count, stride);
    }
  }

  /** Adds sums to float32 numbers in rows that are so far apart. */
  public static void add(Sums sums, long into, long stride) {
    for (int r = 0; r < sums.rows; r++) {
      add(sums.row(r), into + 4 * stride * r, sums.columns);
    }
  }

  private static void add(long sums, long into, int n) {
    for (int i = 0; i < n; i += GROUP) {
      IntVector even = IntVector.fromMemorySegment(INT, MEMORY, sums + 4L * i, ORDER);
      IntVector odd = IntVector.fromMemorySegment(INT, MEMORY, sums + 4L * (i + LANES), ORDER);
      long at = into + 4L * i;
      FloatVector.fromMemorySegment(FLOAT, MEMORY, at, ORDER)
          .add(LOWER.selectFrom(even, odd).reinterpretAsFloats())
          .intoMemorySegment(MEMORY, at, ORDER);
      FloatVector.fromMemorySegment(FLOAT, MEMORY, at + 4L * LANES, ORDER)
          .add(UPPER.selectFrom(even, odd).reinterpretAsFloats())
          .intoMemorySegment(MEMORY, at + 4L * LANES, ORDER);
    }
  }

  /**
   * Adds {@code scale} times the transpose of the sums to float32 numbers (columns, rows), dense.
   * Memory behind the last row, up to a multiple of 16 of them, is read.
   */
  public static void addTransposed(Sums sums, float scale, long into) {
    int[] square = new int[SIDE * SIDE];
    for (int r = 0; r < sums.rows; r += SIDE) {
      int width = Math.min(SIDE, sums.rows - r);
      for (int c = 0; c < sums.columns; c += GROUP) {
        for (int odd = 0; odd < 2; odd++) {
          TurnKernel.turn(sums.row(r) + 4L * (c + odd * SIDE), 4 * sums.stride, square);
          long at = into + 4L * ((long) (c + odd) * sums.rows + r);
          addSquare(square, scale, at, 8L * sums.rows, width);
        }
      }
    }
  }

  private static void addSquare(int[] square, float scale, long into, long step, int width) {
    VectorMask<Float> there = FLOAT.indexInRange(0, width);
    for (int i = 0; i < SIDE; i++) {
      FloatVector x = IntVector.fromArray(INT, square, i * SIDE).reinterpretAsFloats().mul(scale);
      long at = into + i * step;
      FloatVector.fromMemorySegment(FLOAT, MEMORY, at, ORDER, there)
          .add(x)
          .intoMemorySegment(MEMORY, at, ORDER, there);
    }
  }
}
