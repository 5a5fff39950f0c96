package dev.graft.model;

import dev.graft.engine.Kernels;
import dev.graft.engine.Ops;
import dev.graft.engine.Tensor;

/** {@code silu(gate) ∘ up} (Shazeer 2020, arXiv 2002.05202) of gate and up side by side. */
final class Swiglu {
  private Swiglu() {}

  /** Gate and up (N, 2·I) to (N, I), as the projection's {@code prepare} takes it. */
  static Tensor forward(Tensor gated, FusedLinear projection) {
    long width = gated.size(1) / 2;
    if (Kernels.serve(gated, width)) {
      Tensor room = projection.room(gated.size(0), gated);
      Kernels.swiglu(gated, room.narrow(1, 0, width));
      return room;
    }
    return plain(gated, width);
  }

  private static Tensor plain(Tensor gated, long width) {
    return Ops.silu(gated.narrow(1, 0, width)).mulInPlace(gated.narrow(1, width, width));
  }

  /**
   * What a backward pass gives.
   *
   * @param dGated (N, 2·I) gradient of gate and up
   * @param y (N, I) what forward gave, made anew rather than kept
   */
  record Gradient(Tensor dGated, Tensor y) {}

  /** dy (N, I) to the gradient of gate and up; takes the places of both arguments. */
  static Gradient backward(Tensor gated, Tensor dy) {
    long width = gated.size(1) / 2;
    if (Kernels.serve(gated, width)) {
      Kernels.swigluBackwardInPlace(gated, dy);
      return new Gradient(gated, dy);
    }
    Tensor gate = gated.narrow(1, 0, width);
    Tensor up = gated.narrow(1, width, width);
    Tensor dGated = gated.newEmpty(gated.shape());
    dGated.narrow(1, 0, width).copyFrom(Ops.siluBackward(dy.times(up), gate));
    dGated.narrow(1, width, width).copyFrom(Ops.silu(gate).mulInPlace(dy));
    return new Gradient(dGated, plain(gated, width));
  }
}
