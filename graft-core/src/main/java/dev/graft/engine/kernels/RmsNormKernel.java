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

/** Root-mean-square normalisation of rows and its gradient. */
public final class RmsNormKernel {
  private RmsNormKernel() {}

  /**
   * {@code y = w ∘ x/rms(x)}; the quotient is rounded to bfloat16 before the product, as in the
   * reference implementation.
   *
   * @param weight address of w
   * @param inverse address of one float32 per row, where 1/rms(x) goes
   */
  public static void forward(Matrix x, long weight, Matrix y, long inverse, double epsilon) {
    float[] lanes = new float[LANES];
    int n = x.columns();
    for (int r = 0; r < x.rows(); r++) {
      float mean = sumOfSquares(x.row(r), n, lanes) / n;
      float scale = (float) (1 / Math.sqrt(mean + epsilon));
      Lanes.putFloat(inverse + 4L * r, scale);
      normalise(x.row(r), scale, weight, y.row(r), n);
    }
  }

  /** What the gradient needs of the forward pass: its input, w and 1/rms by address. */
  public record Tape(Matrix x, long weight, long inverse) {}

  /** Addresses of one row of each operand. */
  private record Row(long dy, long x, long w, long residual, long dx) {}

  /**
   * With {@code x̂ = x/rms}: {@code dx = (w∘dy − x̂·mean(w∘dy∘x̂))/rms + residual}; what forward
   * gave takes the place of dy.
   *
   * @param residual may have a stride of 0
   */
  public static void backward(Matrix dy, Tape tape, Matrix residual, Matrix dx) {
    float[] lanes = new float[LANES];
    int n = dy.columns();
    for (int r = 0; r < dy.rows(); r++) {
      Row row = new Row(dy.row(r), tape.x.row(r), tape.weight, residual.row(r), dx.row(r));
      float scale = Lanes.getFloat(tape.inverse + 4L * r);
      float dot = product(row, n, lanes);
      combine(row, scale, -(dot * scale / n) * scale * scale, n);
      normalise(row.x, scale, row.w, row.dy, n);
    }
  }

  private static float sumOfSquares(long x, int n, float[] lanes) {
    FloatVector a = FloatVector.zero(FLOAT);
    FloatVector b = FloatVector.zero(FLOAT);
    for (int i = 0; i < n; i += CHUNK) {
      IntVector v = IntVector.fromMemorySegment(INT, MEMORY, x + 2L * i, ORDER);
      FloatVector even = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector odd = v.and(ODD).reinterpretAsFloats();
      a = even.fma(even, a);
      b = odd.fma(odd, b);
    }
    a.add(b).intoArray(lanes, 0);
    return Lanes.sum(lanes);
  }

  private static void normalise(long x, float scale, long w, long y, int n) {
    for (int i = 0; i < n; i += CHUNK) {
      IntVector v = IntVector.fromMemorySegment(INT, MEMORY, x + 2L * i, ORDER);
      IntVector u = IntVector.fromMemorySegment(INT, MEMORY, w + 2L * i, ORDER);
      IntVector even =
          v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().mul(scale).reinterpretAsInts();
      IntVector odd = v.and(ODD).reinterpretAsFloats().mul(scale).reinterpretAsInts();
      even = even.add(even.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF).and(ODD);
      odd = odd.add(odd.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF).and(ODD);
      even =
          even.reinterpretAsFloats()
              .mul(u.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats())
              .reinterpretAsInts();
      odd = odd.reinterpretAsFloats().mul(u.and(ODD).reinterpretAsFloats()).reinterpretAsInts();
      even = even.add(even.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      odd = odd.add(odd.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      even.lanewise(VectorOperators.LSHR, 16)
          .or(odd.and(ODD))
          .intoMemorySegment(MEMORY, y + 2L * i, ORDER);
    }
  }

  /** {@code Σ dy∘x∘w}. */
  private static float product(Row row, int n, float[] lanes) {
    long dy = row.dy;
    long x = row.x;
    long w = row.w;
    FloatVector a = FloatVector.zero(FLOAT);
    FloatVector b = FloatVector.zero(FLOAT);
    for (int i = 0; i < n; i += CHUNK) {
      IntVector d = IntVector.fromMemorySegment(INT, MEMORY, dy + 2L * i, ORDER);
      IntVector v = IntVector.fromMemorySegment(INT, MEMORY, x + 2L * i, ORDER);
      IntVector u = IntVector.fromMemorySegment(INT, MEMORY, w + 2L * i, ORDER);
      FloatVector even =
          d.lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats()
              .mul(u.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats());
      FloatVector odd = d.and(ODD).reinterpretAsFloats().mul(u.and(ODD).reinterpretAsFloats());
      a = even.fma(v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), a);
      b = odd.fma(v.and(ODD).reinterpretAsFloats(), b);
    }
    a.add(b).intoArray(lanes, 0);
    return Lanes.sum(lanes);
  }

  /** {@code dx = scale·w∘dy + shift·x + residual}. */
  private static void combine(Row row, float scale, float shift, int n) {
    long dy = row.dy;
    long x = row.x;
    long w = row.w;
    long residual = row.residual;
    long dx = row.dx;
    for (int i = 0; i < n; i += CHUNK) {
      IntVector d = IntVector.fromMemorySegment(INT, MEMORY, dy + 2L * i, ORDER);
      IntVector v = IntVector.fromMemorySegment(INT, MEMORY, x + 2L * i, ORDER);
      IntVector u = IntVector.fromMemorySegment(INT, MEMORY, w + 2L * i, ORDER);
      IntVector s = IntVector.fromMemorySegment(INT, MEMORY, residual + 2L * i, ORDER);
      FloatVector a =
          d.lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats()
              .mul(u.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats());
      FloatVector b = d.and(ODD).reinterpretAsFloats().mul(u.and(ODD).reinterpretAsFloats());
      a =
          a.fma(
              FloatVector.broadcast(FLOAT, scale),
              s.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats());
      b = b.fma(FloatVector.broadcast(FLOAT, scale), s.and(ODD).reinterpretAsFloats());
      IntVector even =
          v.lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats()
              .fma(FloatVector.broadcast(FLOAT, shift), a)
              .reinterpretAsInts();
      IntVector odd =
          v.and(ODD)
              .reinterpretAsFloats()
              .fma(FloatVector.broadcast(FLOAT, shift), b)
              .reinterpretAsInts();
      even = even.add(even.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      odd = odd.add(odd.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      even.lanewise(VectorOperators.LSHR, 16)
          .or(odd.and(ODD))
          .intoMemorySegment(MEMORY, dx + 2L * i, ORDER);
    }
  }
}
