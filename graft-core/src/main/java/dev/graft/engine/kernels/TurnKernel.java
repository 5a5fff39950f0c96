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

  /**
   * Where the lanes of a row come from when blocks of this side change places; see {@link #swap}.
   */
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

  /** Transposes a square in place: first its quarters, then theirs, down to single numbers. */
  static void turn(int[] square) {
    swap(square, 8, LOW_8, HIGH_8);
    swap(square, 4, LOW_4, HIGH_4);
    swap(square, 2, LOW_2, HIGH_2);
    swap(square, 1, LOW_1, HIGH_1);
  }

  /** In each block of twice this side, the upper right and the lower left quarter change places. */
  private static void swap(int[] square, int side, IntVector low, IntVector high) {
    for (int block = 0; block < SIDE; block += 2 * side) {
      for (int i = block; i < block + side; i++) {
        int lower = (i + side) * SIDE;
        IntVector a = IntVector.fromArray(INT, square, i * SIDE);
        IntVector b = IntVector.fromArray(INT, square, lower);
        low.selectFrom(a, b).intoArray(square, i * SIDE);
        high.selectFrom(a, b).intoArray(square, lower);
      }
    }
  }

  /** Copies a square between places whose rows are so many bytes apart, transposed. */
  static void turn(long from, long fromStep, long to, long toStep, int[] square) {
    load(from, fromStep, square);
    turn(square);
    store(square, to, toStep);
  }

  static void load(long from, long step, int[] square) {
    for (int i = 0; i < SIDE; i++) {
      IntVector.fromMemorySegment(INT, MEMORY, from + i * step, ORDER).intoArray(square, i * SIDE);
    }
  }

  /** The transpose of {@code from} (M, N), both multiples of 32, into (N, M). */
  public static void transpose(Matrix from, Matrix into) {
    int[] even = new int[SIDE * SIDE];
    int[] odd = new int[SIDE * SIDE];
    for (int r = 0; r < from.rows(); r += GROUP) {
      for (int c = 0; c < from.columns(); c += GROUP) {
        pairs(from.row(r) + 2L * c, 2 * from.stride(), even, odd);
        turn(even);
        turn(odd);
        store(even, into.row(c) + 2L * r, 4 * into.stride());
        store(odd, into.row(c + 1) + 2L * r, 4 * into.stride());
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

  private static void store(int[] square, long to, long step) {
    for (int i = 0; i < SIDE; i++) {
      IntVector.fromArray(INT, square, i * SIDE).intoMemorySegment(MEMORY, to + i * step, ORDER);
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
          load(at, 8 * stride, even);
          load(at + 4 * stride, 8 * stride, odd);
          turn(even);
          turn(odd);
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
