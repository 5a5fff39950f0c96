package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Kernels;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Cross-entropy of the learnt tokens: {@code loss_n = log Σ_v exp(z_nv) − z_n,target}, {@code z =
 * norm(h)·Eᵀ}.
 *
 * <p>Rows are only those that predict a learnt token, and logits are made of a few at a time: loss
 * and gradient {@code dz = (softmax(z) − onehot)·scale} in one pass, so that memory does not grow
 * with tokens times vocabulary.
 */
final class LossHead {
  private final RmsNorm norm;
  private final FusedLinear head;
  private final LongAdder nanos = new LongAdder();

  LossHead(RmsNorm norm, FusedLinear head) {
    this.norm = norm;
    this.head = head;
  }

  /**
   * Result of a pass.
   *
   * @param losses of the learnt tokens in order, in nats
   * @param gradient (M, d) of the sum of losses times scale; null where none was asked for
   */
  record Result(double[] losses, @Nullable Tensor gradient) {}

  /** Nanoseconds that passes have spent here so far, those of all threads added up. */
  long nanos() {
    return nanos.sum();
  }

  /**
   * Losses only.
   *
   * @param h (M, d), the hidden states that predict the {@code targets}; rows behind those of the
   *     targets predict nothing
   */
  double[] losses(Tensor h, int[] targets) {
    return run(h, targets, Double.NaN, null).losses();
  }

  /** Losses and the gradient of {@code scale · Σ losses}. h (M, d). */
  Result lossesAndGradient(Tensor h, int[] targets, double scale, GradientBuffer into) {
    return run(h, targets, scale, into);
  }

  private Result run(Tensor h, int[] targets, double scale, @Nullable GradientBuffer into) {
    long began = System.nanoTime();
    double[] losses = new double[targets.length];
    try (Scope scope = Scope.open()) {
      Tensor gradient = into == null ? null : h.newEmpty(h.shape());
      int piece = PassLength.logitRows(head.out());
      int at = 0;
      for (; at < losses.length; at += piece) {
        int rows = (int) Math.min(h.size(0) - at, piece);
        int to = Math.min(losses.length, at + rows);
        long[] some = Arrays.stream(targets, at, to).asLongStream().toArray();
        Into parts =
            gradient == null || into == null ? null : new Into(gradient.narrow(0, at, rows), into);
        double[] made = pass(h.narrow(0, at, rows), some, scale, parts);
        System.arraycopy(made, 0, losses, at, made.length);
      }
      if (gradient != null && at < h.size(0)) {
        gradient.narrow(0, at, h.size(0) - at).zeroInPlace();
      }
      return new Result(losses, gradient == null ? null : scope.lift(gradient));
    } finally {
      nanos.add(System.nanoTime() - began);
    }
  }

  /** Where gradients go: (M, d) that of h. */
  private record Into(Tensor hidden, GradientBuffer weights) {}

  private double[] pass(Tensor x, long[] targets, double scale, @Nullable Into into) {
    try (Scope scope = Scope.open()) {
      RmsNorm.Result normed = norm.forward(x, head);
      FusedLinear.Prepared prepared = head.prepare(normed.y(), 0, null);
      Tensor logits = head.forward(prepared.input());
      Tensor real = logits.narrow(0, 0, targets.length);
      Losses made = crossEntropy(real, targets, into == null ? Double.NaN : scale);
      Tensor dLogits = made.gradient == null ? null : spread(made.gradient, real, logits);
      if (into != null && dLogits != null) {
        FusedLinear.Gradient gradient = head.backward(dLogits, prepared.tape(), true);
        RmsNorm.Gradient result =
            norm.backward(gradient.input(), x, normed.inverse(), null, into.weights);
        head.accumulate(result.y(), dLogits, prepared.tape(), gradient, into.weights);
        into.hidden.copyFrom(result.dx());
      }
      return made.values;
    }
  }

  /** The gradient of the first, {@code real} rows of the logits as that of all. */
  private static Tensor spread(Tensor gradient, Tensor real, Tensor logits) {
    long rest = logits.size(0) - real.size(0);
    if (rest == 0) {
      return gradient;
    }
    if (gradient != real) {
      real.copyFrom(gradient);
    }
    logits.narrow(0, real.size(0), rest).zeroInPlace();
    return logits;
  }

  /** Losses of rows, and the gradient of their scaled sum over the logits. */
  private record Losses(double[] values, @Nullable Tensor gradient) {}

  /** {@code scale} is NaN where no gradient is asked for. May change the logits (rows, V). */
  private static Losses crossEntropy(Tensor logits, long[] targets, double scale) {
    boolean backward = !Double.isNaN(scale);
    if (Kernels.serve(logits, logits.size(1))) {
      double[] losses = Kernels.crossEntropyInPlace(logits, targets, scale);
      return new Losses(losses, backward ? logits : null);
    }
    Tensor index = Tensor.of(targets, targets.length, 1).to(logits.device());
    Tensor wide = logits.dtype() == DType.F64 ? logits : logits.to(DType.F32);
    Tensor logP = Ops.logSoftmax(wide, -1);
    double[] losses = Ops.gather(logP, index).toDoubles();
    for (int i = 0; i < losses.length; i++) {
      losses[i] = -losses[i];
    }
    if (!backward) {
      return new Losses(losses, null);
    }
    Tensor dz = Ops.expInPlace(logP);
    Tensor one = dz.newEmpty(index.shape()).fillInPlace(-1);
    Ops.scatterAddInPlace(dz, index, one);
    return new Losses(losses, dz.mulInPlace(scale).to(logits.dtype()));
  }
}
