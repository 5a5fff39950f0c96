package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Kernels;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cross-entropy of the learnt tokens: {@code loss_n = log Σ_v exp(z_nv) − z_n,target}, {@code z =
 * norm(h)·Eᵀ}.
 *
 * <p>Logits are made only for the rows that predict a learnt token, and a few rows at a time: loss
 * and gradient {@code dz = (softmax(z) − onehot)·scale} in one pass, so that memory does not grow
 * with tokens times vocabulary.
 */
final class LossHead {
  /** Most logits held at once. */
  private static final long CHUNK_ELEMENTS = 4L << 20;

  private final RmsNorm norm;
  private final FusedLinear head;

  LossHead(RmsNorm norm, FusedLinear head) {
    this.norm = norm;
    this.head = head;
  }

  /**
   * Result of a pass.
   *
   * @param losses of the learnt tokens in order, in nats
   * @param gradient (N, d) of the sum of losses times scale; null where none was asked for
   */
  record Result(double[] losses, @Nullable Tensor gradient) {}

  /** Losses only. h (N, d). */
  double[] losses(Tensor h, PackedTokens tokens) {
    return run(h, tokens, Double.NaN, null).losses();
  }

  /** Losses and the gradient of {@code scale · Σ losses}. h (N, d). */
  Result lossesAndGradient(Tensor h, PackedTokens tokens, double scale, GradientBuffer into) {
    return run(h, tokens, scale, into);
  }

  private Result run(Tensor h, PackedTokens tokens, double scale, @Nullable GradientBuffer into) {
    double[] losses = new double[tokens.learntTokens()];
    long[] rows = new long[losses.length];
    long[] targets = new long[losses.length];
    int count = 0;
    for (int n = 1; n < tokens.tokens(); n++) {
      if (tokens.learnt()[n]) {
        rows[count] = n - 1L;
        targets[count++] = tokens.ids()[n];
      }
    }
    try (Scope scope = Scope.open()) {
      Tensor gradient = into == null ? null : h.newZeros(h.shape());
      int chunk = (int) Math.max(16, CHUNK_ELEMENTS / head.out());
      for (int at = 0; at < count; at += chunk) {
        int end = Math.min(count, at + chunk);
        Chunk part =
            new Chunk(Arrays.copyOfRange(rows, at, end), Arrays.copyOfRange(targets, at, end));
        double[] some =
            pass(
                h, part, scale, gradient == null || into == null ? null : new Into(gradient, into));
        System.arraycopy(some, 0, losses, at, some.length);
      }
      return new Result(losses, gradient == null ? null : scope.lift(gradient));
    }
  }

  private record Chunk(long[] rows, long[] targets) {}

  /** Where gradients go: (N, d) that of h. */
  private record Into(Tensor hidden, GradientBuffer weights) {}

  private double[] pass(Tensor h, Chunk chunk, double scale, @Nullable Into into) {
    try (Scope scope = Scope.open()) {
      Tensor rows = Tensor.of(chunk.rows, chunk.rows.length).to(h.device());
      Tensor x = Ops.indexSelect(h, 0, rows);
      RmsNorm.Result normed = norm.forward(x, head);
      LinearTape tape = head.prepare(normed.y(), 0);
      Losses made = crossEntropy(head.forward(tape), chunk, into == null ? Double.NaN : scale);
      Tensor dLogits = made.gradient;
      if (into != null && dLogits != null) {
        Tensor dNormed = head.backward(dLogits, tape, true, into.weights);
        if (dNormed != null) {
          Tensor dx = norm.backward(dNormed, x, normed.inverse(), null, into.weights);
          Ops.indexCopyInPlace(into.hidden, rows, dx);
        }
      }
      return made.values;
    }
  }

  /** Losses of rows, and the gradient of their scaled sum over the logits. */
  private record Losses(double[] values, @Nullable Tensor gradient) {}

  /** {@code scale} is NaN where no gradient is asked for. May change the logits (rows, V). */
  private static Losses crossEntropy(Tensor logits, Chunk chunk, double scale) {
    boolean backward = !Double.isNaN(scale);
    if (Kernels.serve(logits, logits.size(1))) {
      double[] losses = Kernels.crossEntropyInPlace(logits, chunk.targets, scale);
      return new Losses(losses, backward ? logits : null);
    }
    Tensor targets = Tensor.of(chunk.targets, chunk.targets.length, 1).to(logits.device());
    Tensor wide = logits.dtype() == DType.F64 ? logits : logits.to(DType.F32);
    Tensor logP = Ops.logSoftmax(wide, -1);
    double[] losses = Ops.gather(logP, targets).toDoubles();
    for (int i = 0; i < losses.length; i++) {
      losses[i] = -losses[i];
    }
    if (!backward) {
      return new Losses(losses, null);
    }
    Tensor dz = Ops.expInPlace(logP);
    Tensor one = dz.newEmpty(targets.shape()).fillInPlace(-1);
    Ops.scatterAddInPlace(dz, targets, one);
    return new Losses(losses, dz.mulInPlace(scale).to(logits.dtype()));
  }
}
