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

/** {@code silu(gate) ∘ up}, {@code silu(x) = x·σ(x)}, and its gradient. */
public final class SwigluKernel {
  private SwigluKernel() {}

  /**
   * The product of each row.
   *
   * @param gated (N, 2·I): gate and up side by side
   * @param into (N, I)
   */
  public static void forward(Matrix gated, Matrix into) {
    int n = into.columns();
    float[] gate = new float[n];
    float[] sigmoid = new float[n];
    for (int r = 0; r < gated.rows(); r++) {
      long row = gated.row(r);
      FloatRow.unpack(row, gate, n);
      sigmoid(gate, 0, sigmoid, n);
      multiply(gate, sigmoid, row + 2L * n, into.row(r));
    }
  }

  /**
   * Gradients of gate and up, over their values, and what {@link #forward} gave, over dy.
   *
   * @param dy (N, I)
   * @param gated (N, 2·I), as {@link #forward} had it
   */
  public static void backward(Matrix dy, Matrix gated) {
    int n = dy.columns();
    float[] gate = new float[n];
    float[] sigmoid = new float[n];
    for (int r = 0; r < gated.rows(); r++) {
      long row = gated.row(r);
      FloatRow.unpack(row, gate, n);
      sigmoid(gate, 0, sigmoid, n);
      gateGradient(gate, sigmoid, dy.row(r), row + 2L * n, row);
      multiplyBoth(gate, sigmoid, row + 2L * n, dy.row(r));
    }
  }

  /** {@code 1/(1 + exp(−x))} of n elements: see {@link Exponential} for the first half. */
  static void sigmoid(float[] from, int at, float[] to, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector t = FloatVector.fromArray(FLOAT, from, at + i).mul(-Exponential.LOG2_E);
      t = t.blend(-126f, t.compare(VectorOperators.LT, -126f));
      t = t.blend(126f, t.compare(VectorOperators.GT, 126f));
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
      FloatVector power =
          m.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector one = FloatVector.broadcast(FLOAT, 1);
      FloatVector d = p.fma(power, one);
      // Newton's iteration for 1/d, about four times as fast as the division.
      FloatVector q =
          IntVector.broadcast(INT, Exponential.RECIPROCAL)
              .sub(d.reinterpretAsInts())
              .reinterpretAsFloats();
      d = d.neg();
      q = q.fma(d.fma(q, one), q);
      q = q.fma(d.fma(q, one), q);
      q = q.fma(d.fma(q, one), q);
      q.intoArray(to, i);
    }
  }

  /** {@code into = a∘b∘c}, a and b from scratch. */
  private static void multiply(float[] a, float[] b, long c, long into) {
    for (int i = 0; i < a.length; i += CHUNK) {
      IntVector v = IntVector.fromMemorySegment(INT, MEMORY, c + 2L * i, ORDER);
      IntVector even =
          FloatVector.fromArray(FLOAT, a, i)
              .mul(FloatVector.fromArray(FLOAT, b, i))
              .mul(v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats())
              .reinterpretAsInts();
      IntVector odd =
          FloatVector.fromArray(FLOAT, a, i + LANES)
              .mul(FloatVector.fromArray(FLOAT, b, i + LANES))
              .mul(v.and(ODD).reinterpretAsFloats())
              .reinterpretAsInts();
      even = even.add(even.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      odd = odd.add(odd.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      even.lanewise(VectorOperators.LSHR, 16)
          .or(odd.and(ODD))
          .intoMemorySegment(MEMORY, into + 2L * i, ORDER);
    }
  }

  /** {@code c = a∘b∘d} and {@code d = a∘b∘c} at once, a and b from scratch. */
  private static void multiplyBoth(float[] a, float[] b, long c, long d) {
    for (int i = 0; i < a.length; i += CHUNK) {
      IntVector u = IntVector.fromMemorySegment(INT, MEMORY, c + 2L * i, ORDER);
      IntVector v = IntVector.fromMemorySegment(INT, MEMORY, d + 2L * i, ORDER);
      FloatVector s = FloatVector.fromArray(FLOAT, a, i).mul(FloatVector.fromArray(FLOAT, b, i));
      FloatVector t =
          FloatVector.fromArray(FLOAT, a, i + LANES)
              .mul(FloatVector.fromArray(FLOAT, b, i + LANES));
      IntVector even =
          s.mul(v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats()).reinterpretAsInts();
      IntVector odd = t.mul(v.and(ODD).reinterpretAsFloats()).reinterpretAsInts();
      even = even.add(even.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      odd = odd.add(odd.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      even.lanewise(VectorOperators.LSHR, 16)
          .or(odd.and(ODD))
          .intoMemorySegment(MEMORY, c + 2L * i, ORDER);
      even = s.mul(u.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats()).reinterpretAsInts();
      odd = t.mul(u.and(ODD).reinterpretAsFloats()).reinterpretAsInts();
      even = even.add(even.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      odd = odd.add(odd.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      even.lanewise(VectorOperators.LSHR, 16)
          .or(odd.and(ODD))
          .intoMemorySegment(MEMORY, d + 2L * i, ORDER);
    }
  }

  /** {@code into = dy∘up∘σ∘(1 + x∘(1 − σ))}. */
  private static void gateGradient(float[] x, float[] sigmoid, long dy, long up, long into) {
    FloatVector one = FloatVector.broadcast(FLOAT, 1);
    for (int i = 0; i < x.length; i += CHUNK) {
      IntVector d = IntVector.fromMemorySegment(INT, MEMORY, dy + 2L * i, ORDER);
      IntVector u = IntVector.fromMemorySegment(INT, MEMORY, up + 2L * i, ORDER);
      FloatVector s = FloatVector.fromArray(FLOAT, sigmoid, i);
      IntVector even =
          one.sub(s)
              .fma(FloatVector.fromArray(FLOAT, x, i), one)
              .mul(s)
              .mul(d.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats())
              .mul(u.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats())
              .reinterpretAsInts();
      s = FloatVector.fromArray(FLOAT, sigmoid, i + LANES);
      IntVector odd =
          one.sub(s)
              .fma(FloatVector.fromArray(FLOAT, x, i + LANES), one)
              .mul(s)
              .mul(d.and(ODD).reinterpretAsFloats())
              .mul(u.and(ODD).reinterpretAsFloats())
              .reinterpretAsInts();
      even = even.add(even.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      odd = odd.add(odd.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      even.lanewise(VectorOperators.LSHR, 16)
          .or(odd.and(ODD))
          .intoMemorySegment(MEMORY, into + 2L * i, ORDER);
    }
  }
}
