package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;

/**
 * Rotates pairs (i, i + D/2) of each head by the angle {@code position · frequency_i}.
 *
 * @param cos (N, 1, D/2)
 * @param sin (N, 1, D/2)
 */
record Rotary(Tensor cos, Tensor sin) {

  /** Tables for the given positions, in the innermost open scope. */
  static Rotary of(RopeSpec spec, int[] positions, DType dtype, Device device) {
    double[] frequencies = spec.frequencies();
    int half = frequencies.length;
    double[] cos = new double[positions.length * half];
    double[] sin = new double[positions.length * half];
    for (int n = 0; n < positions.length; n++) {
      for (int i = 0; i < half; i++) {
        // The angle is rounded to float32 as in the reference implementations.
        double angle = (float) positions[n] * (float) frequencies[i];
        cos[n * half + i] = Math.cos(angle);
        sin[n * half + i] = Math.sin(angle);
      }
    }
    try (Scope scope = Scope.open()) {
      Tensor c = Tensor.of(cos, positions.length, 1, half).to(dtype).to(device);
      Tensor s = Tensor.of(sin, positions.length, 1, half).to(dtype).to(device);
      return new Rotary(scope.lift(c), scope.lift(s));
    }
  }

  /** Rotates x (N, heads, D) in place. */
  void forward(Tensor x) {
    rotate(x, 1);
  }

  /**
   * The gradient of {@link #forward}: rotates back, since a rotation's transpose is its inverse.
   */
  void backward(Tensor dx) {
    rotate(dx, -1);
  }

  private void rotate(Tensor x, int direction) {
    try (Scope scope = Scope.open()) {
      long half = x.size(-1) / 2;
      Tensor first = x.narrow(2, 0, half);
      Tensor second = x.narrow(2, half, half);
      Tensor a = Ops.addcmulInPlace(first.times(cos), second, sin, -direction);
      Tensor b = Ops.addcmulInPlace(second.times(cos), first, sin, direction);
      first.copyFrom(a);
      second.copyFrom(b);
    }
  }
}
