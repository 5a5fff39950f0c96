package dev.graft.engine.kernels;

import static dev.graft.engine.kernels.Lanes.CHUNK;
import static dev.graft.engine.kernels.Lanes.FLOAT;
import static dev.graft.engine.kernels.Lanes.LANES;

import jdk.incubator.vector.FloatVector;

/** Elementwise passes over {@link FloatRows}. */
public final class FloatRowsKernel {
  private FloatRowsKernel() {}

  /** n bfloat16 elements of memory to a row. */
  public static float[] unpack(long from, int n) {
    float[] row = new float[n];
    FloatRow.unpack(from, row, n);
    return row;
  }

  /** One row of a matrix to the beginning of a row. */
  public static void unpack(Matrix from, int row, FloatRows to, int toRow) {
    float[] unpacked = unpack(from.row(row), from.columns());
    System.arraycopy(unpacked, 0, to.values(), to.at(toRow), unpacked.length);
  }

  /**
   * {@code w ∘ x/rms(x)} of {@code w.length} elements at {@code from}, to {@code into} at {@code
   * at}.
   */
  public static void normalise(
      float[] x, int from, float[] w, double epsilon, float[] into, int at) {
    int n = w.length;
    FloatVector a = FloatVector.zero(FLOAT);
    FloatVector b = FloatVector.zero(FLOAT);
    for (int i = 0; i < n; i += CHUNK) {
      FloatVector even = FloatVector.fromArray(FLOAT, x, from + i);
      FloatVector odd = FloatVector.fromArray(FLOAT, x, from + i + LANES);
      a = even.fma(even, a);
      b = odd.fma(odd, b);
    }
    float[] lanes = new float[LANES];
    a.add(b).intoArray(lanes, 0);
    float scale = (float) (1 / Math.sqrt(Lanes.sum(lanes) / n + epsilon));
    for (int i = 0; i < n; i += LANES) {
      FloatVector.fromArray(FLOAT, x, from + i)
          .mul(scale)
          .mul(FloatVector.fromArray(FLOAT, w, i))
          .intoArray(into, at + i);
    }
  }

  /** {@code x += y}, n elements. */
  public static void add(float[] x, int at, float[] y, int from, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector.fromArray(FLOAT, x, at + i)
          .add(FloatVector.fromArray(FLOAT, y, from + i))
          .intoArray(x, at + i);
    }
  }

  /**
   * {@code silu(gate) ∘ up} into {@code into}.
   *
   * @param scratch of at least n elements
   */
  public static void swiglu(
      float[] gated, int gate, int up, int n, float[] into, int at, float[] scratch) {
    SwigluKernel.sigmoid(gated, gate, scratch, n);
    for (int i = 0; i < n; i += LANES) {
      FloatVector.fromArray(FLOAT, gated, gate + i)
          .mul(FloatVector.fromArray(FLOAT, scratch, i))
          .mul(FloatVector.fromArray(FLOAT, gated, up + i))
          .intoArray(into, at + i);
    }
  }

  /** Rotates the pairs (i, i + D/2) of a head at {@code at} by a token's angles. */
  public static void rotate(float[] x, int at, float[] cos, float[] sin, int angles, int half) {
    for (int i = 0; i < half; i += LANES) {
      FloatVector a = FloatVector.fromArray(FLOAT, x, at + i);
      FloatVector b = FloatVector.fromArray(FLOAT, x, at + half + i);
      FloatVector c = FloatVector.fromArray(FLOAT, cos, angles + i);
      FloatVector s = FloatVector.fromArray(FLOAT, sin, angles + i);
      a.mul(c).sub(b.mul(s)).intoArray(x, at + i);
      b.mul(c).add(a.mul(s)).intoArray(x, at + half + i);
    }
  }
}
