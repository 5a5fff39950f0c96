package dev.graft.engine.kernels;

import static dev.graft.engine.kernels.Lanes.CHUNK;
import static dev.graft.engine.kernels.Lanes.FLOAT;
import static dev.graft.engine.kernels.Lanes.INT;
import static dev.graft.engine.kernels.Lanes.LANES;
import static dev.graft.engine.kernels.Lanes.MEMORY;
import static dev.graft.engine.kernels.Lanes.ODD;
import static dev.graft.engine.kernels.Lanes.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * Products {@code x·Wᵀ} of few rows: each weight is read from memory once for all of them.
 *
 * <p>An element's sum is made in the same order whatever the number of rows, so a row's results do
 * not depend on the rows beside it.
 */
public final class ProductKernel {
  /** Sums made at a time. */
  private static final int GROUP = 4;

  private static final int HALF = LANES / 2;
  private static final int QUARTER = LANES / 4;

  // Lanes of the second of two vectors where the first is folded into one half, one quarter.
  private static final VectorMask<Float> UPPER_HALF = mask(HALF);
  private static final VectorMask<Float> UPPER_QUARTERS = mask(QUARTER);
  private static final VectorShuffle<Float> SWAP_HALVES = swap(HALF);
  private static final VectorShuffle<Float> SWAP_QUARTERS = swap(QUARTER);
  private static final VectorShuffle<Float> SWAP_EIGHTHS = swap(Math.max(1, LANES / 8));
  private static final VectorShuffle<Float> SWAP_SIXTEENTHS = swap(Math.max(1, LANES / 16));

  private ProductKernel() {}

  /**
   * Some rows of a weight.
   *
   * @param from the first
   * @param to one behind the last
   */
  public record Part(Matrix matrix, int from, int to) {}

  /** {@code y = x·Wᵀ} for the part's columns of y, in the order of {@link Lanes}. */
  public static void ordered(Part w, FloatRows x, FloatRows y) {
    apply(w, x, y, true);
  }

  /** The same with y in plain order. */
  public static void plain(Part w, FloatRows x, FloatRows y) {
    apply(w, x, y, false);
  }

  private static void apply(Part w, FloatRows x, FloatRows y, boolean ordered) {
    float[] sums = new float[GROUP * LANES];
    float[] values = x.values();
    float[] to = y.values();
    // Four places that are each read one row after the other, as processors expect memory to be.
    int quarter = Math.ceilDiv(w.to - w.from, GROUP);
    for (int r = w.from; r < w.from + quarter; r++) {
      // Behind the end, the last row again: it gives what is there already.
      int b = Math.min(r + quarter, w.to - 1);
      int c = Math.min(r + 2 * quarter, w.to - 1);
      int d = Math.min(r + 3 * quarter, w.to - 1);
      int placeA = ordered ? FloatRows.place(r) : r;
      int placeB = ordered ? FloatRows.place(b) : b;
      int placeC = ordered ? FloatRows.place(c) : c;
      int placeD = ordered ? FloatRows.place(d) : d;
      int row = 0;
      for (; row + GROUP <= x.rows(); row += GROUP) {
        fourRows(w.matrix, r, b, c, d, x, row, sums);
        put(sums, 0, to, y.at(row) + placeA, y.stride());
        put(sums, LANES, to, y.at(row) + placeB, y.stride());
        put(sums, 2 * LANES, to, y.at(row) + placeC, y.stride());
        put(sums, 3 * LANES, to, y.at(row) + placeD, y.stride());
      }
      for (; row < x.rows(); row++) {
        oneRow(w.matrix, r, b, c, d, values, x.at(row), sums);
        int at = y.at(row);
        to[at + placeA] = sums[0];
        to[at + placeB] = sums[HALF];
        to[at + placeC] = sums[QUARTER];
        to[at + placeD] = sums[HALF + QUARTER];
      }
    }
  }

  private static void put(float[] sums, int from, float[] to, int at, int stride) {
    to[at] = sums[from];
    to[at + stride] = sums[from + HALF];
    to[at + 2 * stride] = sums[from + QUARTER];
    to[at + 3 * stride] = sums[from + HALF + QUARTER];
  }

  /** One row of x with four of W; the sums at 0, L/2, L/4 and 3·L/4 of {@code sums}. */
  private static void oneRow(
      Matrix w, int a, int b, int c, int d, float[] x, int at, float[] sums) {
    long wa = w.row(a);
    long wb = w.row(b);
    long wc = w.row(c);
    long wd = w.row(d);
    int n = w.columns();
    FloatVector a0 = FloatVector.zero(FLOAT);
    FloatVector b0 = FloatVector.zero(FLOAT);
    FloatVector c0 = FloatVector.zero(FLOAT);
    FloatVector d0 = FloatVector.zero(FLOAT);
    for (int i = 0; i < n; i += CHUNK) {
      FloatVector even = FloatVector.fromArray(FLOAT, x, at + i);
      FloatVector odd = FloatVector.fromArray(FLOAT, x, at + i + LANES);
      IntVector v = IntVector.fromMemorySegment(INT, MEMORY, wa + 2L * i, ORDER);
      a0 = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(even, a0);
      a0 = v.and(ODD).reinterpretAsFloats().fma(odd, a0);
      v = IntVector.fromMemorySegment(INT, MEMORY, wb + 2L * i, ORDER);
      b0 = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(even, b0);
      b0 = v.and(ODD).reinterpretAsFloats().fma(odd, b0);
      v = IntVector.fromMemorySegment(INT, MEMORY, wc + 2L * i, ORDER);
      c0 = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(even, c0);
      c0 = v.and(ODD).reinterpretAsFloats().fma(odd, c0);
      v = IntVector.fromMemorySegment(INT, MEMORY, wd + 2L * i, ORDER);
      d0 = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(even, d0);
      d0 = v.and(ODD).reinterpretAsFloats().fma(odd, d0);
    }
    // Halves folded onto each other: of a into the lower, of b into the upper half; then quarters.
    a0 = a0.blend(b0, UPPER_HALF).add(b0.blend(a0, UPPER_HALF).rearrange(SWAP_HALVES));
    c0 = c0.blend(d0, UPPER_HALF).add(d0.blend(c0, UPPER_HALF).rearrange(SWAP_HALVES));
    a0 = a0.blend(c0, UPPER_QUARTERS).add(c0.blend(a0, UPPER_QUARTERS).rearrange(SWAP_QUARTERS));
    if (LANES >= 8) {
      a0 = a0.add(a0.rearrange(SWAP_EIGHTHS));
    }
    if (LANES >= 16) {
      a0 = a0.add(a0.rearrange(SWAP_SIXTEENTHS));
    }
    a0.intoArray(sums, 0);
  }

  /** Four rows of x with four of W; as {@link #oneRow}, the sums of each row of W L behind. */
  private static void fourRows(
      Matrix w, int a, int b, int c, int d, FloatRows rows, int row, float[] sums) {
    long wa = w.row(a);
    long wb = w.row(b);
    long wc = w.row(c);
    long wd = w.row(d);
    int n = w.columns();
    float[] x = rows.values();
    int at = rows.at(row);
    int stride = rows.stride();
    FloatVector a0 = FloatVector.zero(FLOAT);
    FloatVector a1 = FloatVector.zero(FLOAT);
    FloatVector a2 = FloatVector.zero(FLOAT);
    FloatVector a3 = FloatVector.zero(FLOAT);
    FloatVector b0 = FloatVector.zero(FLOAT);
    FloatVector b1 = FloatVector.zero(FLOAT);
    FloatVector b2 = FloatVector.zero(FLOAT);
    FloatVector b3 = FloatVector.zero(FLOAT);
    FloatVector c0 = FloatVector.zero(FLOAT);
    FloatVector c1 = FloatVector.zero(FLOAT);
    FloatVector c2 = FloatVector.zero(FLOAT);
    FloatVector c3 = FloatVector.zero(FLOAT);
    FloatVector d0 = FloatVector.zero(FLOAT);
    FloatVector d1 = FloatVector.zero(FLOAT);
    FloatVector d2 = FloatVector.zero(FLOAT);
    FloatVector d3 = FloatVector.zero(FLOAT);
    for (int i = 0; i < n; i += CHUNK) {
      int j = at + i;
      IntVector v = IntVector.fromMemorySegment(INT, MEMORY, wa + 2L * i, ORDER);
      FloatVector evenA = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector oddA = v.and(ODD).reinterpretAsFloats();
      v = IntVector.fromMemorySegment(INT, MEMORY, wb + 2L * i, ORDER);
      FloatVector evenB = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector oddB = v.and(ODD).reinterpretAsFloats();
      v = IntVector.fromMemorySegment(INT, MEMORY, wc + 2L * i, ORDER);
      FloatVector evenC = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector oddC = v.and(ODD).reinterpretAsFloats();
      v = IntVector.fromMemorySegment(INT, MEMORY, wd + 2L * i, ORDER);
      FloatVector evenD = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector oddD = v.and(ODD).reinterpretAsFloats();
      FloatVector t = FloatVector.fromArray(FLOAT, x, j);
      a0 = evenA.fma(t, a0);
      b0 = evenB.fma(t, b0);
      c0 = evenC.fma(t, c0);
      d0 = evenD.fma(t, d0);
      t = FloatVector.fromArray(FLOAT, x, j + LANES);
      a0 = oddA.fma(t, a0);
      b0 = oddB.fma(t, b0);
      c0 = oddC.fma(t, c0);
      d0 = oddD.fma(t, d0);
      j += stride;
      t = FloatVector.fromArray(FLOAT, x, j);
      a1 = evenA.fma(t, a1);
      b1 = evenB.fma(t, b1);
      c1 = evenC.fma(t, c1);
      d1 = evenD.fma(t, d1);
      t = FloatVector.fromArray(FLOAT, x, j + LANES);
      a1 = oddA.fma(t, a1);
      b1 = oddB.fma(t, b1);
      c1 = oddC.fma(t, c1);
      d1 = oddD.fma(t, d1);
      j += stride;
      t = FloatVector.fromArray(FLOAT, x, j);
      a2 = evenA.fma(t, a2);
      b2 = evenB.fma(t, b2);
      c2 = evenC.fma(t, c2);
      d2 = evenD.fma(t, d2);
      t = FloatVector.fromArray(FLOAT, x, j + LANES);
      a2 = oddA.fma(t, a2);
      b2 = oddB.fma(t, b2);
      c2 = oddC.fma(t, c2);
      d2 = oddD.fma(t, d2);
      j += stride;
      t = FloatVector.fromArray(FLOAT, x, j);
      a3 = evenA.fma(t, a3);
      b3 = evenB.fma(t, b3);
      c3 = evenC.fma(t, c3);
      d3 = evenD.fma(t, d3);
      t = FloatVector.fromArray(FLOAT, x, j + LANES);
      a3 = oddA.fma(t, a3);
      b3 = oddB.fma(t, b3);
      c3 = oddC.fma(t, c3);
      d3 = oddD.fma(t, d3);
    }
    a0 = a0.blend(a1, UPPER_HALF).add(a1.blend(a0, UPPER_HALF).rearrange(SWAP_HALVES));
    a2 = a2.blend(a3, UPPER_HALF).add(a3.blend(a2, UPPER_HALF).rearrange(SWAP_HALVES));
    a0 = a0.blend(a2, UPPER_QUARTERS).add(a2.blend(a0, UPPER_QUARTERS).rearrange(SWAP_QUARTERS));
    if (LANES >= 8) {
      a0 = a0.add(a0.rearrange(SWAP_EIGHTHS));
    }
    if (LANES >= 16) {
      a0 = a0.add(a0.rearrange(SWAP_SIXTEENTHS));
    }
    a0.intoArray(sums, 0);
    b0 = b0.blend(b1, UPPER_HALF).add(b1.blend(b0, UPPER_HALF).rearrange(SWAP_HALVES));
    b2 = b2.blend(b3, UPPER_HALF).add(b3.blend(b2, UPPER_HALF).rearrange(SWAP_HALVES));
    b0 = b0.blend(b2, UPPER_QUARTERS).add(b2.blend(b0, UPPER_QUARTERS).rearrange(SWAP_QUARTERS));
    if (LANES >= 8) {
      b0 = b0.add(b0.rearrange(SWAP_EIGHTHS));
    }
    if (LANES >= 16) {
      b0 = b0.add(b0.rearrange(SWAP_SIXTEENTHS));
    }
    b0.intoArray(sums, LANES);
    c0 = c0.blend(c1, UPPER_HALF).add(c1.blend(c0, UPPER_HALF).rearrange(SWAP_HALVES));
    c2 = c2.blend(c3, UPPER_HALF).add(c3.blend(c2, UPPER_HALF).rearrange(SWAP_HALVES));
    c0 = c0.blend(c2, UPPER_QUARTERS).add(c2.blend(c0, UPPER_QUARTERS).rearrange(SWAP_QUARTERS));
    if (LANES >= 8) {
      c0 = c0.add(c0.rearrange(SWAP_EIGHTHS));
    }
    if (LANES >= 16) {
      c0 = c0.add(c0.rearrange(SWAP_SIXTEENTHS));
    }
    c0.intoArray(sums, 2 * LANES);
    d0 = d0.blend(d1, UPPER_HALF).add(d1.blend(d0, UPPER_HALF).rearrange(SWAP_HALVES));
    d2 = d2.blend(d3, UPPER_HALF).add(d3.blend(d2, UPPER_HALF).rearrange(SWAP_HALVES));
    d0 = d0.blend(d2, UPPER_QUARTERS).add(d2.blend(d0, UPPER_QUARTERS).rearrange(SWAP_QUARTERS));
    if (LANES >= 8) {
      d0 = d0.add(d0.rearrange(SWAP_EIGHTHS));
    }
    if (LANES >= 16) {
      d0 = d0.add(d0.rearrange(SWAP_SIXTEENTHS));
    }
    d0.intoArray(sums, 3 * LANES);
  }

  /** The lanes whose number has the bit {@code width}. */
  private static VectorMask<Float> mask(int width) {
    boolean[] lanes = new boolean[LANES];
    for (int i = 0; i < LANES; i++) {
      lanes[i] = (i & width) != 0;
    }
    return VectorMask.fromArray(FLOAT, lanes, 0);
  }

  /** Neighbouring groups of {@code width} lanes change places. */
  private static VectorShuffle<Float> swap(int width) {
    return VectorShuffle.fromOp(FLOAT, i -> i ^ width);
  }
}
