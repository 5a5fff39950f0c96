package dev.graft.engine.kernels;

import static dev.graft.engine.kernels.Lanes.CHUNK;
import static dev.graft.engine.kernels.Lanes.FLOAT;
import static dev.graft.engine.kernels.Lanes.INT;
import static dev.graft.engine.kernels.Lanes.MEMORY;
import static dev.graft.engine.kernels.Lanes.ODD;
import static dev.graft.engine.kernels.Lanes.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Loss of rows of logits, and its gradient over them. */
public final class CrossEntropyKernel {
  /** Elements worked on at once. */
  private static final int PIECE = 2048;

  private CrossEntropyKernel() {}

  /**
   * {@code loss_n = log Σ_v exp(z_nv) − z_n,target}, in nats; then, unless {@code scale} is NaN,
   * {@code z = (softmax(z) − onehot)·scale} in place.
   */
  public static double[] apply(Matrix logits, long[] targets, double scale) {
    double[] losses = new double[logits.rows()];
    float[] piece = new float[PIECE];
    int n = logits.columns();
    for (int r = 0; r < losses.length; r++) {
      long row = logits.row(r);
      long target = row + 2 * targets[r];
      float largest = largest(row, n);
      double sum = 0;
      for (int at = 0; at < n; at += PIECE) {
        int count = Math.min(PIECE, n - at);
        FloatRow.unpack(row + 2L * at, piece, count);
        sum += FloatRow.exponentials(piece, count, largest, Exponential.LOG2_E);
      }
      float z = Lanes.get(target);
      losses[r] = StrictMath.log(sum) + largest - z;
      if (!Double.isNaN(scale)) {
        float factor = (float) (scale / sum);
        for (int at = 0; at < n; at += PIECE) {
          int count = Math.min(PIECE, n - at);
          FloatRow.unpack(row + 2L * at, piece, count);
          FloatRow.exponentials(piece, count, largest, Exponential.LOG2_E);
          FloatRow.pack(piece, factor, row + 2L * at, count);
        }
        Lanes.put(target, (float) ((StrictMath.exp((double) z - largest) / sum - 1) * scale));
      }
    }
    return losses;
  }

  private static float largest(long row, int n) {
    FloatVector a = FloatVector.broadcast(FLOAT, Float.NEGATIVE_INFINITY);
    FloatVector b = a;
    for (int i = 0; i < n; i += CHUNK) {
      IntVector v = IntVector.fromMemorySegment(INT, MEMORY, row + 2L * i, ORDER);
      FloatVector even = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector odd = v.and(ODD).reinterpretAsFloats();
      a = a.blend(even, even.compare(VectorOperators.GT, a));
      b = b.blend(odd, odd.compare(VectorOperators.GT, b));
    }
    return a.blend(b, b.compare(VectorOperators.GT, a)).reduceLanes(VectorOperators.MAX);
  }
}
