package dev.graft.train;

import dev.graft.engine.DType;
import dev.graft.engine.Kernels;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.engine.kernels.AdamWKernel;
import dev.graft.model.Parameters;

/**
 * AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101) as PyTorch computes it, in float32:
 *
 * <pre>
 *   p ← p·(1 − lr·λ)      m ← m + (1 − β₁)(g − m)      v ← β₂·v + (1 − β₂)·g²
 *   p ← p − lr/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε)
 * </pre>
 *
 * <p>It works on the flat tensors piece by piece, so that its temporary memory is one piece; or
 * with a kernel that needs none.
 */
final class AdamW implements AutoCloseable {
  private static final long PIECE = 1L << 22;
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final Scope scope = Scope.holder();
  private final Parameters parameters;
  private final double weightDecay;
  private final Tensor first;
  private final Tensor second;

  AdamW(Parameters parameters, double weightDecay) {
    this.parameters = parameters;
    this.weightDecay = weightDecay;
    try (Scope s = Scope.open()) {
      this.first = scope.hold(zeros());
      this.second = scope.hold(zeros());
    }
  }

  private Tensor zeros() {
    return Tensor.zeros(DType.F32, parameters.values().device(), parameters.count());
  }

  /** Running mean of the gradients, flat. */
  Tensor firstMoment() {
    return first;
  }

  /** Running mean of their squares, flat. */
  Tensor secondMoment() {
    return second;
  }

  /** Updates the masters with the present gradients; steps count from one. */
  void step(long step, double learningRate) {
    long count = parameters.count();
    long decayed = weightDecay == 0 ? 0 : parameters.decayed();
    for (long at = 0; at < count; ) {
      long end = Math.min(count, at + PIECE);
      boolean decays = at < decayed;
      if (decays) {
        end = Math.min(end, decayed);
      }
      update(at, end - at, step, learningRate, decays);
      at = end;
    }
  }

  private void update(long at, long length, long step, double learningRate, boolean decays) {
    try (Scope s = Scope.open()) {
      Tensor p = parameters.values().narrow(0, at, length);
      Tensor g = parameters.gradients().narrow(0, at, length);
      Tensor m = first.narrow(0, at, length);
      Tensor v = second.narrow(0, at, length);
      double keep = decays ? 1 - learningRate * weightDecay : 1;
      double root = Math.sqrt(1 - Math.pow(BETA2, (double) step));
      double rate = learningRate / (1 - Math.pow(BETA1, (double) step));
      if (Kernels.serveFloats(p)) {
        Kernels.adamW(p, g, m, v, factors(keep, root, rate));
        return;
      }
      if (decays) {
        p.mulInPlace(keep);
      }
      Ops.lerpInPlace(m, g, 1 - BETA1);
      Ops.addcmulInPlace(v.mulInPlace(BETA2), g, g, 1 - BETA2);
      Tensor denominator = Ops.divInPlace(Ops.sqrt(v), root).addInPlace(EPSILON);
      Ops.addcdivInPlace(p, m, denominator, -rate);
    }
  }

  private static AdamWKernel.Factors factors(double keep, double root, double rate) {
    return new AdamWKernel.Factors(
        (float) keep,
        (float) (1 - BETA1),
        (float) BETA2,
        (float) (1 - BETA2),
        (float) root,
        (float) EPSILON,
        (float) rate);
  }

  @Override
  public void close() {
    scope.close();
  }
}
