package dev.graft.engine.kernels;

import static dev.graft.engine.kernels.Lanes.CHUNK;
import static dev.graft.engine.kernels.Lanes.FLOAT;
import static dev.graft.engine.kernels.Lanes.HALF;
import static dev.graft.engine.kernels.Lanes.INT;
import static dev.graft.engine.kernels.Lanes.LANES;
import static dev.graft.engine.kernels.Lanes.MEMORY;
import static dev.graft.engine.kernels.Lanes.ODD;
import static dev.graft.engine.kernels.Lanes.ORDER;
import static dev.graft.engine.kernels.Lanes.SHORT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** Copies and sums of rows. */
public final class RowKernel {
  private RowKernel() {}

  /** {@code into = a + b}; into may be one of them. */
  public static void add(Matrix a, Matrix b, Matrix into) {
    for (int r = 0; r < a.rows(); r++) {
      add(a.row(r), b.row(r), into.row(r), a.columns());
    }
  }

  private static void add(long a, long b, long into, int n) {
    for (int i = 0; i < n; i += CHUNK) {
      IntVector v = IntVector.fromMemorySegment(INT, MEMORY, a + 2L * i, ORDER);
      IntVector u = IntVector.fromMemorySegment(INT, MEMORY, b + 2L * i, ORDER);
      IntVector even =
          v.lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats()
              .add(u.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats())
              .reinterpretAsInts();
      IntVector odd =
          v.and(ODD)
              .reinterpretAsFloats()
              .add(u.and(ODD).reinterpretAsFloats())
              .reinterpretAsInts();
      even = even.add(even.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      odd = odd.add(odd.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      even.lanewise(VectorOperators.LSHR, 16)
          .or(odd.and(ODD))
          .intoMemorySegment(MEMORY, into + 2L * i, ORDER);
    }
  }

  /** Adds n elements at {@code from} to as many float32 numbers. */
  public static void accumulate(long from, long into, long n) {
    for (long i = 0; i < n; i += LANES) {
      FloatVector x =
          ShortVector.fromMemorySegment(SHORT, MEMORY, from + 2 * i, ORDER)
              .castShape(INT, 0)
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats();
      FloatVector.fromMemorySegment(FLOAT, MEMORY, into + 4 * i, ORDER)
          .add(x)
          .intoMemorySegment(MEMORY, into + 4 * i, ORDER);
    }
  }

  public static void copy(Matrix from, Matrix to) {
    for (int r = 0; r < from.rows(); r++) {
      copy(from.row(r), to.row(r), from.columns());
    }
  }

  /** n zeros. */
  public static void zero(long to, long n) {
    for (long i = 0; i < n; i += CHUNK) {
      IntVector.zero(INT).intoMemorySegment(MEMORY, to + 2 * i, ORDER);
    }
  }

  /** Copies n elements. */
  static void copy(long from, long to, int n) {
    for (int i = 0; i < n; i += CHUNK) {
      IntVector.fromMemorySegment(INT, MEMORY, from + 2L * i, ORDER)
          .intoMemorySegment(MEMORY, to + 2L * i, ORDER);
    }
  }
}
