package dev.graft.engine.kernels;

import static dev.graft.engine.kernels.Lanes.HALF;
import static dev.graft.engine.kernels.Lanes.INT;
import static dev.graft.engine.kernels.Lanes.LANES;
import static dev.graft.engine.kernels.Lanes.MEMORY;
import static dev.graft.engine.kernels.Lanes.ODD;
import static dev.graft.engine.kernels.Lanes.ORDER;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Transposes matrices, in squares of {@link #SIDE} by as many numbers of 32 bits: two elements of
 * bfloat16 side by side, or a float32 sum. Only for vectors of this many lanes.
 */
public final class TurnKernel {
  /** Side of a square. */
  static final int SIDE = 16;

  private static final int GROUP = Matrix.WIDTH;

  private static final IntVector LOW_8 = lanes(8, false);
  private static final IntVector HIGH_8 = lanes(8, true);
  private static final IntVector LOW_4 = lanes(4, false);
  private static final IntVector HIGH_4 = lanes(4, true);
  private static final IntVector LOW_2 = lanes(2, false);
  private static final IntVector HIGH_2 = lanes(2, true);
  private static final IntVector LOW_1 = lanes(1, false);
  private static final IntVector HIGH_1 = lanes(1, true);

  private TurnKernel() {}

  /** Where the lanes of two rows' results come from when blocks of this side change places. */
  private static IntVector lanes(int side, boolean high) {
    int[] from = new int[LANES];
    for (int l = 0; l < LANES; l++) {
      boolean right = (l & side) != 0;
      if (high) {
        from[l] = right ? LANES + l : l + side;
      } else {
        from[l] = right ? LANES + l - side : l;
      }
    }
    return IntVector.fromArray(INT, from, 0);
  }

  // A square is transposed in four steps, in each of which the upper right and the lower left
  // quarter of blocks change places: blocks of 16 first, then 8, 4 and 2. Two steps at a time touch
  // four rows, so memory is gone through twice. They are written out for the array and for memory:
  // kernels are compiled by themselves, and vectors passed from one to another would be objects.

  /** The steps for blocks of 16 and of 8. */
  private static void wide(int[] square) {
    for (int i = 0; i < SIDE / 4; i++) {
      IntVector a = IntVector.fromArray(INT, square, i * SIDE);
      IntVector b = IntVector.fromArray(INT, square, (i + 4) * SIDE);
      IntVector c = IntVector.fromArray(INT, square, (i + 8) * SIDE);
      IntVector d = IntVector.fromArray(INT, square, (i + 12) * SIDE);
      IntVector left = LOW_8.selectFrom(a, c);
      IntVector lower = LOW_8.selectFrom(b, d);
      LOW_4.selectFrom(left, lower).intoArray(square, i * SIDE);
      HIGH_4.selectFrom(left, lower).intoArray(square, (i + 4) * SIDE);
      left = HIGH_8.selectFrom(a, c);
      lower = HIGH_8.selectFrom(b, d);
      LOW_4.selectFrom(left, lower).intoArray(square, (i + 8) * SIDE);
      HIGH_4.selectFrom(left, lower).intoArray(square, (i + 12) * SIDE);
    }
  }

  /** As {@link #wide(int[])}, of rows in memory that are so many bytes apart. */
  private static void wide(long from, long step, int[] square) {
    for (int i = 0; i < SIDE / 4; i++) {
      long at = from + i * step;
      IntVector a = IntVector.fromMemorySegment(INT, MEMORY, at, ORDER);
      IntVector b = IntVector.fromMemorySegment(INT, MEMORY, at + 4 * step, ORDER);
      IntVector c = IntVector.fromMemorySegment(INT, MEMORY, at + 8 * step, ORDER);
      IntVector d = IntVector.fromMemorySegment(INT, MEMORY, at + 12 * step, ORDER);
      IntVector left = LOW_8.selectFrom(a, c);
      IntVector lower = LOW_8.selectFrom(b, d);
      LOW_4.selectFrom(left, lower).intoArray(square, i * SIDE);
      HIGH_4.selectFrom(left, lower).intoArray(square, (i + 4) * SIDE);
      left = HIGH_8.selectFrom(a, c);
      lower = HIGH_8.selectFrom(b, d);
      LOW_4.selectFrom(left, lower).intoArray(square, (i + 8) * SIDE);
      HIGH_4.selectFrom(left, lower).intoArray(square, (i + 12) * SIDE);
    }
  }

  /** The steps for blocks of 4 and of 2. */
  private static void narrow(int[] square) {
    for (int i = 0; i < SIDE * SIDE; i += 4 * SIDE) {
      IntVector a = IntVector.fromArray(INT, square, i);
      IntVector b = IntVector.fromArray(INT, square, i + SIDE);
      IntVector c = IntVector.fromArray(INT, square, i + 2 * SIDE);
      IntVector d = IntVector.fromArray(INT, square, i + 3 * SIDE);
      IntVector left = LOW_2.selectFrom(a, c);
      IntVector lower = LOW_2.selectFrom(b, d);
      LOW_1.selectFrom(left, lower).intoArray(square, i);
      HIGH_1.selectFrom(left, lower).intoArray(square, i + SIDE);
      left = HIGH_2.selectFrom(a, c);
      lower = HIGH_2.selectFrom(b, d);
      LOW_1.selectFrom(left, lower).intoArray(square, i + 2 * SIDE);
      HIGH_1.selectFrom(left, lower).intoArray(square, i + 3 * SIDE);
    }
  }

  /** As {@link #narrow(int[])}, to rows in memory that are so many bytes apart. */
  private static void narrow(int[] square, long to, long step) {
    for (int i = 0; i < SIDE; i += 4) {
      IntVector a = IntVector.fromArray(INT, square, i * SIDE);
      IntVector b = IntVector.fromArray(INT, square, (i + 1) * SIDE);
      IntVector c = IntVector.fromArray(INT, square, (i + 2) * SIDE);
      IntVector d = IntVector.fromArray(INT, square, (i + 3) * SIDE);
      long at = to + i * step;
      IntVector left = LOW_2.selectFrom(a, c);
      IntVector lower = LOW_2.selectFrom(b, d);
      LOW_1.selectFrom(left, lower).intoMemorySegment(MEMORY, at, ORDER);
      HIGH_1.selectFrom(left, lower).intoMemorySegment(MEMORY, at + step, ORDER);
      left = HIGH_2.selectFrom(a, c);
      lower = HIGH_2.selectFrom(b, d);
      LOW_1.selectFrom(left, lower).intoMemorySegment(MEMORY, at + 2 * step, ORDER);
      HIGH_1.selectFrom(left, lower).intoMemorySegment(MEMORY, at + 3 * step, ORDER);
    }
  }

  /** Copies a square between places whose rows are so many bytes apart, transposed. */
  static void turn(long from, long fromStep, long to, long toStep, int[] square) {
    wide(from, fromStep, square);
    narrow(square, to, toStep);
  }

  /** The transpose of a square whose rows are so many bytes apart. */
  static void turn(long from, long step, int[] square) {
    wide(from, step, square);
    narrow(square);
  }

  /** The transpose of {@code from} (M, N), both multiples of 32, into (N, M). */
  public static void transpose(Matrix from, Matrix into) {
    int[] even = new int[SIDE * SIDE];
    int[] odd = new int[SIDE * SIDE];
    for (int r = 0; r < from.rows(); r += GROUP) {
      for (int c = 0; c < from.columns(); c += GROUP) {
        pairs(from.row(r) + 2L * c, 2 * from.stride(), even, odd);
        wide(even);
        wide(odd);
        narrow(even, into.row(c) + 2L * r, 4 * into.stride());
        narrow(odd, into.row(c + 1) + 2L * r, 4 * into.stride());
      }
    }
  }

  /** Of 32 rows, each two as one: their elements in even columns side by side, and in odd ones. */
  private static void pairs(long from, long step, int[] even, int[] odd) {
    for (int i = 0; i < SIDE; i++) {
      long at = from + 2L * i * step;
      IntVector a = IntVector.fromMemorySegment(INT, MEMORY, at, ORDER);
      IntVector b = IntVector.fromMemorySegment(INT, MEMORY, at + step, ORDER);
      a.and(~ODD).or(b.lanewise(VectorOperators.LSHL, 16)).intoArray(even, i * SIDE);
      a.lanewise(VectorOperators.LSHR, 16).or(b.and(ODD)).intoArray(odd, i * SIDE);
    }
  }

  /**
   * Rounds the transpose of float32 sums (N, M), whose columns are as {@link TileKernel} has them,
   * into (M, N); both multiples of 32.
   *
   * @param stride numbers from one row of sums to the next
   */
  public static void round(long sums, long stride, Matrix into) {
    int[] even = new int[SIDE * SIDE];
    int[] odd = new int[SIDE * SIDE];
    for (int r = 0; r < into.rows(); r += GROUP) {
      for (int c = 0; c < into.columns(); c += GROUP) {
        for (int half = 0; half < 2; half++) {
          long at = sums + 4 * (c * stride + r + (long) half * SIDE);
          turn(at, 8 * stride, even);
          turn(at + 4 * stride, 8 * stride, odd);
          round(even, odd, into.row(r + half) + 2L * c, 4 * into.stride());
        }
      }
    }
  }

  private static void round(int[] even, int[] odd, long to, long step) {
    for (int i = 0; i < SIDE; i++) {
      IntVector a = IntVector.fromArray(INT, even, i * SIDE);
      IntVector b = IntVector.fromArray(INT, odd, i * SIDE);
      a = a.add(a.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      b = b.add(b.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      a.lanewise(VectorOperators.LSHR, 16)
          .or(b.and(ODD))
          .intoMemorySegment(MEMORY, to + i * step, ORDER);
    }
  }
}
