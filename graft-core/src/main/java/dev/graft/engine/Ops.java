package dev.graft.engine;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** Mathematics on tensors; results go to the innermost open scope. */
public final class Ops {
  private Ops() {}

  // ---- products

  /** Notes in {@link Work} that a product was made, each element of it of {@code inner} factors. */
  private static Tensor counted(Tensor product, long inner) {
    Work.product(product.elements(), inner);
    return product;
  }

  /** {@code x · wᵀ (+ bias)}: x (…, K), w (M, K), bias (M) to (…, M). */
  public static Tensor linear(Tensor x, Tensor w, @Nullable Tensor bias) {
    if (x.dim() == 2 && x.size(0) == 1 && x.device().type() == Device.Type.CPU) {
      return oneRow(x, w, bias);
    }
    if (bias == null) {
      return counted(Tensor.of(() -> torch.linear(x.raw, w.raw)), w.size(1));
    }
    try (TensorOptional optional = new TensorOptional(bias.raw)) {
      return counted(Tensor.of(() -> torch.linear(x.raw, w.raw, optional)), w.size(1));
    }
  }

  /** As {@link #linear} for two dimensions, into {@code out} (N, M). */
  public static Tensor linearInto(Tensor out, Tensor x, Tensor w, @Nullable Tensor bias) {
    try (Scope scope = Scope.open()) {
      Tensor across = w.transpose(0, 1);
      Tensor made =
          bias == null
              ? out.run(() -> torch.mm_out(out.raw, x.raw, across.raw))
              : out.run(() -> torch.addmm_out(out.raw, bias.raw, x.raw, across.raw));
      return counted(made, w.size(1));
    }
  }

  /**
   * The product of matrix and vector reads the weights nearly twice as fast as that of matrices.
   */
  private static Tensor oneRow(Tensor x, Tensor w, @Nullable Tensor bias) {
    try (Scope scope = Scope.open()) {
      Tensor row = x.view(x.size(1));
      Tensor y = counted(Tensor.of(() -> torch.mv(w.raw, row.raw)), w.size(1));
      if (bias != null) {
        y.addInPlace(bias);
      }
      return scope.lift(y.view(1, w.size(0)));
    }
  }

  /** {@code a · b}: (N, K), (K, M) to (N, M). */
  public static Tensor mm(Tensor a, Tensor b) {
    return counted(Tensor.of(() -> torch.mm(a.raw, b.raw)), a.size(1));
  }

  /** Batched {@code a · b}: (B, N, K), (B, K, M) to (B, N, M). */
  public static Tensor bmm(Tensor a, Tensor b) {
    return counted(Tensor.of(() -> torch.bmm(a.raw, b.raw)), a.size(2));
  }

  /** As {@link #bmm}, into {@code out}, which may be a view. */
  public static Tensor bmmInto(Tensor out, Tensor a, Tensor b) {
    return counted(out.run(() -> torch.bmm_out(out.raw, a.raw, b.raw)), a.size(2));
  }

  /** {@code c + a · b}: (N, M), (N, K), (K, M) to (N, M). */
  public static Tensor addmm(Tensor c, Tensor a, Tensor b) {
    return counted(Tensor.of(() -> torch.addmm(c.raw, a.raw, b.raw)), a.size(1));
  }

  // ---- elementwise

  public static Tensor silu(Tensor x) {
    return Tensor.of(() -> torch.silu(x.raw));
  }

  /** Gradient of {@link #silu} at {@code x}: {@code dy · σ(x)·(1 + x·(1 − σ(x)))}. */
  public static Tensor siluBackward(Tensor dy, Tensor x) {
    return Tensor.of(() -> torch.silu_backward(dy.raw, x.raw));
  }

  public static Tensor exp(Tensor x) {
    return Tensor.of(x.raw::exp);
  }

  public static Tensor log(Tensor x) {
    return Tensor.of(x.raw::log);
  }

  public static Tensor rsqrt(Tensor x) {
    return Tensor.of(() -> torch.rsqrt(x.raw));
  }

  public static Tensor sqrt(Tensor x) {
    return Tensor.of(x.raw::sqrt);
  }

  public static Tensor abs(Tensor x) {
    return Tensor.of(x.raw::abs);
  }

  /** {@code x + scale · (a ∘ b)}, into x. */
  public static Tensor addcmulInPlace(Tensor x, Tensor a, Tensor b, double scale) {
    try (Scalar scalar = new Scalar(scale)) {
      return x.run(() -> x.raw.addcmul_(a.raw, b.raw, scalar));
    }
  }

  /** {@code x + scale · (a / b)}, into x. */
  public static Tensor addcdivInPlace(Tensor x, Tensor a, Tensor b, double scale) {
    try (Scalar scalar = new Scalar(scale)) {
      return x.run(() -> x.raw.addcdiv_(a.raw, b.raw, scalar));
    }
  }

  /** {@code x + weight · (end − x)}, into x. */
  public static Tensor lerpInPlace(Tensor x, Tensor end, double weight) {
    try (Scalar scalar = new Scalar(weight)) {
      return x.run(() -> x.raw.lerp_(end.raw, scalar));
    }
  }

  public static Tensor expInPlace(Tensor x) {
    return x.run(x.raw::exp_);
  }

  public static Tensor sqrtInPlace(Tensor x) {
    return x.run(x.raw::sqrt_);
  }

  public static Tensor divInPlace(Tensor x, double value) {
    try (Scalar scalar = new Scalar(value)) {
      return x.run(() -> x.raw.div_(scalar));
    }
  }

  /** Sets elements of x where {@code mask} (BOOL, broadcast) is true. */
  public static Tensor maskedFillInPlace(Tensor x, Tensor mask, double value) {
    try (Scalar scalar = new Scalar(value)) {
      return x.run(() -> x.raw.masked_fill_(mask.raw, scalar));
    }
  }

  // ---- reductions

  public static Tensor sum(Tensor x) {
    return Tensor.of(x.raw::sum);
  }

  /** Sum over the given dimension. */
  public static Tensor sum(Tensor x, int dimension, boolean keep) {
    try (ScalarTypeOptional same = new ScalarTypeOptional()) {
      return Tensor.of(() -> x.raw.sum(new long[] {dimension}, keep, same));
    }
  }

  /** Mean over the given dimension. */
  public static Tensor mean(Tensor x, int dimension, boolean keep) {
    try (ScalarTypeOptional same = new ScalarTypeOptional()) {
      return Tensor.of(() -> x.raw.mean(new long[] {dimension}, keep, same));
    }
  }

  /** Euclidean norm of all elements. */
  public static double norm(Tensor x) {
    try (Scope scope = Scope.open();
        Scalar two = new Scalar(2.0)) {
      return Tensor.of(() -> x.raw.norm(two)).item();
    }
  }

  /** Largest absolute element; 0 for an empty tensor. */
  public static double maxAbs(Tensor x) {
    if (x.elements() == 0) {
      return 0;
    }
    try (Scope scope = Scope.open()) {
      return Tensor.of(() -> x.raw.abs().max()).item();
    }
  }

  public static Tensor softmax(Tensor x, int dimension) {
    return Tensor.of(() -> torch.softmax(x.raw, dimension));
  }

  public static Tensor logSoftmax(Tensor x, int dimension) {
    return Tensor.of(() -> torch.log_softmax(x.raw, dimension));
  }

  /** Index of the largest element along the last dimension; the first among equals. */
  public static Tensor argmax(Tensor x) {
    try (LongOptional last = new LongOptional(-1)) {
      return Tensor.of(() -> torch.argmax(x.raw, last, false));
    }
  }

  // ---- indexing

  /** Rows (or slices along {@code dimension}) named by {@code index} (I64). */
  public static Tensor indexSelect(Tensor x, int dimension, Tensor index) {
    return Tensor.of(() -> torch.index_select(x.raw, dimension, index.raw));
  }

  /** Adds the rows of {@code source} to the rows of x that {@code index} names, into x. */
  public static Tensor indexAddInPlace(Tensor x, Tensor index, Tensor source) {
    return x.run(() -> x.raw.index_add_(0, index.raw, source.raw));
  }

  /** Replaces the rows of x that {@code index} names by those of {@code source}. */
  public static Tensor indexCopyInPlace(Tensor x, Tensor index, Tensor source) {
    return x.run(() -> x.raw.index_copy_(0, index.raw, source.raw));
  }

  /** {@code out[i][j] = x[i][index[i][j]]} along the last dimension. */
  public static Tensor gather(Tensor x, Tensor index) {
    return Tensor.of(() -> torch.gather(x.raw, -1, index.raw));
  }

  /** {@code x[i][index[i][j]] += source[i][j]} along the last dimension. */
  public static Tensor scatterAddInPlace(Tensor x, Tensor index, Tensor source) {
    return x.run(() -> x.raw.scatter_add_(-1, index.raw, source.raw));
  }

  /** Joins tensors along a dimension. */
  public static Tensor cat(int dimension, Tensor... parts) {
    org.bytedeco.pytorch.Tensor[] raw = new org.bytedeco.pytorch.Tensor[parts.length];
    for (int i = 0; i < parts.length; i++) {
      raw[i] = parts[i].raw;
    }
    try (TensorVector vector = new TensorVector(raw)) {
      return Tensor.of(() -> torch.cat(vector, dimension));
    }
  }

  /** Integers 0 … n − 1 as I64. */
  public static Tensor range(long n, Device device) {
    long[] values = new long[Math.toIntExact(n)];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return Tensor.of(values, n).to(device);
  }

  /** BOOL: {@code a > b}, broadcast. */
  public static Tensor greater(Tensor a, Tensor b) {
    return Tensor.of(() -> a.raw.gt(b.raw));
  }

  /** BOOL: {@code a < value}. */
  public static Tensor less(Tensor a, double value) {
    try (Scalar scalar = new Scalar(value)) {
      return Tensor.of(() -> a.raw.lt(scalar));
    }
  }

  /** Whether every element is a finite number. */
  public static boolean allFinite(Tensor x) {
    try (Scope scope = Scope.open()) {
      return Tensor.of(() -> torch.isfinite(x.raw).all()).item() != 0;
    }
  }
}
