package dev.graft.engine;

import dev.graft.engine.kernels.AdamWKernel;
import dev.graft.engine.kernels.CrossEntropyKernel;
import dev.graft.engine.kernels.HeadsKernel;
import dev.graft.engine.kernels.Matrix;
import dev.graft.engine.kernels.RmsNormKernel;
import dev.graft.engine.kernels.RowKernel;
import dev.graft.engine.kernels.SoftmaxKernel;
import dev.graft.engine.kernels.SwigluKernel;
import dev.graft.engine.kernels.WarmUp;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Fused passes over bfloat16 tensors on the processor, each of which would be several operations of
 * libtorch. Where {@link #serve} says no, callers take libtorch's operations: the plain path.
 */
public final class Kernels {
  /** What the width of the rows that kernels work on must be a multiple of. */
  public static final int WIDTH = Matrix.WIDTH;

  private static final long WORTH_WAITING = 1L << 17;

  /** Numbers that a thread updates at a time. */
  private static final long UPDATED = 1L << 16;

  private static final AtomicBoolean WARM_UP_BEGUN = new AtomicBoolean();
  private static final AtomicReference<@Nullable Thread> WARMING_UP = new AtomicReference<>();

  private Kernels() {}

  /** Whether the kernels can be used for x and for rows of these widths. */
  public static boolean serve(Tensor x, long... widths) {
    if (!serve(x.dtype(), x.device(), widths)) {
      return false;
    }
    Thread started = WARMING_UP.get();
    if (started != null && x.elements() >= WORTH_WAITING) {
      await(started);
    }
    return true;
  }

  /** Whether the kernels can be used for tensors of this type with rows of these widths. */
  public static boolean serve(DType dtype, Device device, long... widths) {
    return KernelModule.isUsed()
        && dtype == DType.BF16
        && device.type() == Device.Type.CPU
        && Arrays.stream(widths).allMatch(w -> w > 0 && w % WIDTH == 0);
  }

  /**
   * Makes the kernels ready beside other work, such as reading a model. Until they are compiled
   * they are a hundred times slower, so the first large use waits for the end of this.
   */
  public static void warmUp() {
    warmUp(false);
  }

  /** As {@link #warmUp}, with those that only generation takes. */
  public static void warmUpForGeneration() {
    warmUp(true);
  }

  private static void warmUp(boolean generation) {
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("graft-kernels")
            .unstarted(() -> {
              if (KernelModule.isUsed()) {
                WarmUp.run(generation);
              }
            });
    if (WARM_UP_BEGUN.compareAndSet(false, true)) {
      WARMING_UP.set(thread);
      thread.start();
    }
  }

  private static void await(Thread started) {
    try {
      started.join(Duration.ofSeconds(5));
      WARMING_UP.set(null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // not ready then, and slower
    }
  }

  /** Whether this process uses the kernels: {@code vector}, else {@code plain}. */
  public static String path() {
    return KernelModule.isUsed() ? "vector" : "plain";
  }

  // ---- rows

  /** {@code a + b} into a; both (N, d) with dense rows. */
  public static Tensor addInPlace(Tensor a, Tensor b) {
    Matrix into = matrix(a, a.size(1));
    RowKernel.add(into, matrix(b, rows(a), a.size(1)), into);
    return a;
  }

  /** Adds bfloat16 {@code x} to float32 {@code into}, both dense and of the same shape. */
  public static void accumulate(Tensor x, Tensor into) {
    if (into.dtype() != DType.F32
        || !into.isContiguous()
        || !Arrays.equals(into.shape(), x.shape())
        || x.elements() % WIDTH != 0) {
      throw new IllegalArgumentException(x + " is not to be added to " + into);
    }
    RowKernel.accumulate(dense(x, x.elements()), address(into), x.elements());
  }

  /**
   * RMSNorm of x (N, d) into {@code into} (N, d), whose rows may be part of wider ones.
   *
   * @param weight (d)
   * @return 1/rms(x) (N, 1) in float32
   */
  public static Tensor rmsNorm(Tensor x, Tensor weight, double epsilon, Tensor into) {
    long n = rows(x);
    long d = x.size(1);
    Tensor inverse = Tensor.empty(DType.F32, Device.CPU, n, 1);
    RmsNormKernel.forward(
        matrix(x, d), vector(weight, d), matrix(into, n, d), address(inverse), epsilon);
    return inverse;
  }

  /**
   * Gradient of {@link #rmsNorm} over x; puts what {@link #rmsNorm} made in the place of dy.
   *
   * @param dy (N, d)
   * @param x (N, d) and its inverse (N, 1), as forward had them
   * @param residual (N, d), added; null for nothing
   */
  public static Tensor rmsNormBackward(
      Tensor dy, Tensor x, Tensor weight, Tensor inverse, @Nullable Tensor residual) {
    long n = rows(x);
    long d = x.size(1);
    if (inverse.dtype() != DType.F32 || inverse.elements() != n || !inverse.isContiguous()) {
      throw new IllegalArgumentException("inverse " + inverse + " does not fit " + x);
    }
    try (Scope scope = Scope.open()) {
      Tensor dx = x.newEmpty(n, d);
      Matrix added =
          residual == null
              ? new Matrix(address(x.newZeros(1, d)), (int) n, (int) d, 0)
              : matrix(residual, n, d);
      RmsNormKernel.Tape tape =
          new RmsNormKernel.Tape(matrix(x, d), vector(weight, d), address(inverse));
      RmsNormKernel.backward(matrix(dy, n, d), tape, added, matrix(dx, d));
      return scope.lift(dx);
    }
  }

  /** {@code silu(gate) ∘ up} of gated (N, 2·I), gate and up side by side, into (N, I). */
  public static void swiglu(Tensor gated, Tensor into) {
    long width = into.size(1);
    SwigluKernel.forward(matrix(gated, 2 * width), matrix(into, rows(gated), width));
  }

  /**
   * Puts the gradient of gated (N, 2·I) in its place, and {@link #swiglu}'s result in the place of
   * dy (N, I).
   */
  public static void swigluBackwardInPlace(Tensor gated, Tensor dy) {
    long width = dy.size(1);
    SwigluKernel.backward(matrix(dy, rows(gated), width), matrix(gated, 2 * width));
  }

  // ---- parameters

  /** Whether there are kernels for dense float32 numbers like these. */
  public static boolean serveFloats(Tensor x) {
    return KernelModule.isUsed()
        && x.dtype() == DType.F32
        && x.device().type() == Device.Type.CPU
        && x.isContiguous();
  }

  /** AdamW's update of p, m and v (n) by the gradients g (n), on all threads. */
  public static void adamW(Tensor p, Tensor g, Tensor m, Tensor v, AdamWKernel.Factors factors) {
    long n = p.elements();
    AdamWKernel.Operands all =
        new AdamWKernel.Operands(floats(p, n), floats(g, n), floats(m, n), floats(v, n));
    Parts.run(
        Math.toIntExact(Math.ceilDiv(n, UPDATED)),
        () ->
            part -> {
              long from = part * UPDATED;
              AdamWKernel.update(all.from(from), factors, Math.min(UPDATED, n - from));
            });
  }

  private static long floats(Tensor x, long n) {
    if (x.elements() != n) {
      throw new IllegalArgumentException(x + " has not " + n + " elements");
    }
    return floats(x);
  }

  // ---- attention

  /**
   * Which keys each row of scores sees; a row stands for one query of one query head, and rows are
   * ordered by key/value head, query, query head of the group.
   *
   * @param queries of one head
   * @param real how many of them are there; the rest is room and sees nothing
   * @param group rows of one query
   * @param shift position of the first query among the keys
   * @param window keys that a query sees, itself included; 0 for all up to itself
   */
  public record Sight(int queries, int real, int group, int shift, int window) {}

  /** Scores (K, queries·G, keys) to probabilities, 0 out of sight: softmax of scale · scores. */
  public static Tensor softmaxInPlace(Tensor scores, Sight sight, double scale) {
    SoftmaxKernel.forward(scores(scores, sight), inner(sight), scale);
    return scores;
  }

  /** dP to {@code scale · P ∘ (dP − Σ P∘dP)}; both (K, queries·G, keys). */
  public static Tensor softmaxBackwardInPlace(Tensor dp, Tensor p, Sight sight, double scale) {
    SoftmaxKernel.backward(scores(dp, sight), scores(p, sight), inner(sight), scale);
    return dp;
  }

  private static SoftmaxKernel.Sight inner(Sight s) {
    return new SoftmaxKernel.Sight(s.queries, s.real, s.group, s.shift, s.window);
  }

  private static Matrix scores(Tensor t, Sight sight) {
    long rows = (long) sight.queries * sight.group;
    if (t.dim() != 3 || !t.isContiguous() || t.size(1) != rows) {
      throw new IllegalArgumentException("scores " + t + " do not fit " + sight);
    }
    if (sight.shift < 0 || sight.real > sight.queries || sight.shift + sight.real > t.size(2)) {
      throw new IllegalArgumentException(sight + " looks beyond the keys of " + t);
    }
    return checked(t, Math.toIntExact(t.size(0) * rows), t.size(2), t.size(2));
  }

  /** How heads are laid out: K key/value heads, G query heads for each, D elements a head. */
  public record HeadShape(Segments segments, int kvHeads, int group, int dim) {
    /** Elements of keys or values: for each segment (K, room, D). */
    public long keys() {
      return (long) segments.keyRoomBefore(segments.count()) * kvHeads * dim;
    }

    /** Elements of queries: for each segment (K, room, G, D). */
    public long queries() {
      return (long) segments.roomBefore(segments.count()) * kvHeads * group * dim;
    }
  }

  /** Queries, keys and values, each in one dimension, segment by segment; see {@link HeadShape}. */
  public record Heads(Tensor q, Tensor k, Tensor v) {}

  /**
   * Fused rows (N, (H + 2K)·D) of queries, keys and values to heads, queries and keys rotated, with
   * zeros in the room behind each segment. Keys and values of shared tokens stand in every segment.
   *
   * @param cos (N, 1, D/2)
   * @param sin likewise
   */
  public static void splitHeads(Tensor qkv, Heads into, HeadShape shape, Tensor cos, Tensor sin) {
    Matrix rows = fused(qkv, shape);
    HeadsKernel.Angles all = angles(cos, sin, shape);
    for (int s = 0; s < shape.segments.count(); s++) {
      HeadsKernel.Heads heads = inner(into, shape, s);
      HeadsKernel.split(segment(rows, shape, s), heads, angles(all, shape, s));
      if (heads.before() > 0) {
        HeadsKernel.copyBefore(inner(into, shape, 0), heads);
      }
    }
  }

  /**
   * Gradients of heads to those of the fused rows: the transpose of {@link #splitHeads}, but that
   * those of shared keys and values are taken from the first segment, where they must have been
   * added up.
   */
  public static Tensor mergeHeads(Heads heads, HeadShape shape, Tensor cos, Tensor sin) {
    long count = shape.kvHeads * (shape.group + 2L);
    Tensor qkv = heads.q.newEmpty(shape.segments.tokens(), count * shape.dim);
    Matrix rows = fused(qkv, shape);
    HeadsKernel.Angles all = angles(cos, sin, shape);
    for (int s = 0; s < shape.segments.count(); s++) {
      HeadsKernel.merge(inner(heads, shape, s), angles(all, shape, s), segment(rows, shape, s));
    }
    return qkv;
  }

  private static Matrix fused(Tensor qkv, HeadShape shape) {
    long columns = shape.kvHeads * (shape.group + 2L) * shape.dim;
    return matrix(qkv, shape.segments.tokens(), columns);
  }

  private static Matrix segment(Matrix rows, HeadShape shape, int s) {
    return rows.rows(shape.segments.start(s), shape.segments.length(s));
  }

  private static HeadsKernel.Heads inner(Heads heads, HeadShape shape, int s) {
    Segments segments = shape.segments;
    long each = 2L * shape.kvHeads * shape.dim;
    long keys = segments.keyRoomBefore(s) * each;
    return new HeadsKernel.Heads(
        dense(heads.q, shape.queries()) + segments.roomBefore(s) * each * shape.group,
        dense(heads.k, shape.keys()) + keys,
        dense(heads.v, shape.keys()) + keys,
        segments.room(s),
        segments.before(s),
        segments.keyRoom(s),
        shape.kvHeads,
        shape.group,
        shape.dim);
  }

  private static HeadsKernel.Angles angles(Tensor cos, Tensor sin, HeadShape shape) {
    if (shape.dim % (2 * WIDTH) != 0) {
      throw new IllegalArgumentException("heads of " + shape.dim);
    }
    long count = (long) shape.segments.tokens() * shape.dim / 2;
    return new HeadsKernel.Angles(dense(cos, count), dense(sin, count));
  }

  private static HeadsKernel.Angles angles(HeadsKernel.Angles all, HeadShape shape, int s) {
    long before = (long) shape.segments.start(s) * shape.dim; // two bytes for each of D/2
    return new HeadsKernel.Angles(all.cos() + before, all.sin() + before);
  }

  /** Queries or what is laid out like them to rows by token, into (N, K·G·D). */
  public static void joinHeads(Tensor byHead, HeadShape shape, Tensor into) {
    Matrix rows = byToken(into, shape);
    long address = dense(byHead, shape.queries());
    for (int s = 0; s < shape.segments.count(); s++) {
      long before = 2L * shape.segments.roomBefore(s) * rows.columns();
      HeadsKernel.join(
          address + before, shape.segments.room(s), shape.kvHeads, segment(rows, shape, s));
    }
  }

  /** The inverse of {@link #joinHeads}, with zeros in the room behind each segment. */
  public static Tensor partHeads(Tensor byToken, HeadShape shape) {
    Matrix rows = byToken(byToken, shape);
    Tensor byHead = byToken.newEmpty(shape.queries());
    long address = dense(byHead, shape.queries());
    for (int s = 0; s < shape.segments.count(); s++) {
      long before = 2L * shape.segments.roomBefore(s) * rows.columns();
      HeadsKernel.part(
          segment(rows, shape, s), shape.kvHeads, address + before, shape.segments.room(s));
    }
    return byHead;
  }

  private static Matrix byToken(Tensor rows, HeadShape shape) {
    long width = (long) shape.group * shape.dim;
    if (width % WIDTH != 0) {
      throw new IllegalArgumentException(shape + " has heads of odd width");
    }
    return matrix(rows, shape.segments.tokens(), width * shape.kvHeads);
  }

  // ---- loss

  /**
   * Cross-entropy of logits (N, V) in nats; then, unless scale is NaN, logits become the gradient
   * {@code (softmax − onehot)·scale}.
   */
  public static double[] crossEntropyInPlace(Tensor logits, long[] targets, double scale) {
    long vocabulary = logits.size(1);
    for (long target : targets) {
      if (target < 0 || target >= vocabulary) {
        throw new IllegalArgumentException("target " + target + " of " + vocabulary);
      }
    }
    return CrossEntropyKernel.apply(matrix(logits, targets.length, vocabulary), targets, scale);
  }

  // ---- addresses: kernels check nothing, so everything is checked here

  private static long rows(Tensor x) {
    return x.size(0);
  }

  static Matrix matrix(Tensor x, long columns) {
    return matrix(x, x.size(0), columns);
  }

  private static Matrix matrix(Tensor x, long rows, long columns) {
    if (x.dim() != 2 || x.size(0) != rows || x.size(1) != columns || x.raw.stride(1) != 1) {
      throw new IllegalArgumentException(x + " is not (" + rows + ", " + columns + "), dense");
    }
    return checked(x, Math.toIntExact(rows), columns, x.raw.stride(0));
  }

  private static Matrix checked(Tensor x, int rows, long columns, long stride) {
    if (x.dtype() != DType.BF16 || columns % WIDTH != 0) {
      throw new IllegalArgumentException("no kernel works on " + x);
    }
    return new Matrix(address(x), rows, Math.toIntExact(columns), stride);
  }

  private static long vector(Tensor x, long elements) {
    return dense(x, elements);
  }

  static long dense(Tensor x, long elements) {
    if (x.dtype() != DType.BF16 || !x.isContiguous() || x.elements() != elements) {
      throw new IllegalArgumentException(x + " is not " + elements + " dense elements");
    }
    return address(x);
  }

  /** Of dense float32 numbers. */
  static long floats(Tensor x) {
    if (x.dtype() != DType.F32 || !x.isContiguous()) {
      throw new IllegalArgumentException(x + " is not dense float32");
    }
    return address(x);
  }

  static long address(Tensor x) {
    return x.raw.data_ptr().address();
  }
}
