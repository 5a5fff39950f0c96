package dev.graft.engine.kernels;

import static dev.graft.engine.kernels.Lanes.CHUNK;
import static dev.graft.engine.kernels.Lanes.FLOAT;
import static dev.graft.engine.kernels.Lanes.HALF;
import static dev.graft.engine.kernels.Lanes.INT;
import static dev.graft.engine.kernels.Lanes.LANES;
import static dev.graft.engine.kernels.Lanes.MEMORY;
import static dev.graft.engine.kernels.Lanes.ODD;
import static dev.graft.engine.kernels.Lanes.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Passes over a row in scratch memory: float32, in the order of {@link Lanes}. */
final class FloatRow {
  private FloatRow() {}

  /** n elements from memory to scratch. */
  static void unpack(long from, float[] to, int n) {
    for (int i = 0; i < n; i += CHUNK) {
      IntVector v = IntVector.fromMemorySegment(INT, MEMORY, from + 2L * i, ORDER);
      v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(to, i);
      v.and(ODD).reinterpretAsFloats().intoArray(to, i + LANES);
    }
  }

  /** In place {@code 2^(factor·(x − largest))}; the sum. */
  static float exponentials(float[] row, int n, float largest, float factor) {
    FloatVector sum = FloatVector.zero(FLOAT);
    for (int i = 0; i < n; i += LANES) {
      FloatVector t = FloatVector.fromArray(FLOAT, row, i).sub(largest).mul(factor);
      t = t.blend(-150f, t.compare(VectorOperators.LT, -150f));
      FloatVector m = t.add(Exponential.MAGIC);
      FloatVector f = t.sub(m.sub(Exponential.MAGIC));
      FloatVector p =
          f.fma(
              FloatVector.broadcast(FLOAT, Exponential.C5),
              FloatVector.broadcast(FLOAT, Exponential.C4));
      p = p.fma(f, FloatVector.broadcast(FLOAT, Exponential.C3));
      p = p.fma(f, FloatVector.broadcast(FLOAT, Exponential.C2));
      p = p.fma(f, FloatVector.broadcast(FLOAT, Exponential.C1));
      p = p.fma(f, FloatVector.broadcast(FLOAT, Exponential.C0));
      p =
          p.mul(
              m.reinterpretAsInts()
                  .max(Exponential.LOWEST)
                  .lanewise(VectorOperators.LSHL, 23)
                  .reinterpretAsFloats());
      sum = sum.add(p);
      p.intoArray(row, i);
    }
    float[] lanes = new float[LANES];
    sum.intoArray(lanes, 0);
    return Lanes.sum(lanes);
  }

  /** n elements times {@code factor} from scratch to memory. */
  static void pack(float[] row, float factor, long to, int n) {
    for (int i = 0; i < n; i += CHUNK) {
      IntVector even = FloatVector.fromArray(FLOAT, row, i).mul(factor).reinterpretAsInts();
      IntVector odd = FloatVector.fromArray(FLOAT, row, i + LANES).mul(factor).reinterpretAsInts();
      even = even.add(even.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      odd = odd.add(odd.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      even.lanewise(VectorOperators.LSHR, 16)
          .or(odd.and(ODD))
          .intoMemorySegment(MEMORY, to + 2L * i, ORDER);
    }
  }
}
