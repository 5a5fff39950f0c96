package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Kernels;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Segments;
import dev.graft.engine.Tensor;

/**
 * Causal grouped-query attention within the segments of a packed micro-batch.
 *
 * <p>Long segments are worked off in blocks of queries, each against all the keys it sees: nothing
 * quadratic in the length is kept. Backward recomputes the probabilities P; with O = P·V, dP =
 * dO·Vᵀ and the row sums {@code δ = Σ P∘dP}:
 *
 * <pre>
 *   dV = Pᵀ·dO      dS = P ∘ (dP − δ)      dQ = c·dS·K      dK = c·dSᵀ·Q      c = 1/√D
 * </pre>
 *
 * <p>Here in operations of libtorch, which automatic differentiation knows; {@link
 * SegmentAttention} does the same with the kernels.
 */
final class Attention {
  private final double scale;
  private final int window;
  private final int most;
  private final SegmentAttention bySegment;

  Attention(DecoderSpec spec, int layer) {
    this.scale = 1 / Math.sqrt(spec.headDim());
    this.window = spec.windows()[layer];
    this.most = LayerShape.blocks(false, spec, window).most();
    this.bySegment = new SegmentAttention(spec, window);
  }

  /**
   * Queries, keys and values by head. q (K, N, G, D), so that the queries of one segment that share
   * a key head are one matrix (L·G, D), k and v (K, N, D); or as {@link Kernels.HeadShape} has it.
   */
  record Heads(Tensor q, Tensor k, Tensor v) {
    /** Whether they are laid out for the kernels. */
    boolean bySegment() {
      return q.dim() == 1;
    }
  }

  /**
   * A block of queries of one segment and the keys it sees, as ranges of tokens.
   *
   * @param before seen keys of shared tokens, in front of the others
   */
  private record Range(int query, int rows, Part before, Part own) {
    int keys() {
      return before.count + own.count;
    }

    /** Position of the first query among the keys. */
    int shift() {
      return keys() - rows;
    }
  }

  private record Part(int from, int count) {
    Tensor of(Tensor keys) {
      return keys.narrow(1, from, count);
    }
  }

  @FunctionalInterface
  private interface Work {
    void on(Range range);
  }

  /** The outputs, laid out like q. */
  Tensor forward(Heads heads, PassContext context) {
    if (heads.bySegment()) {
      return bySegment.forward(heads, context.segments());
    }
    try (Scope scope = Scope.open()) {
      Tensor out = heads.q().newEmpty(heads.q().shape());
      forEachBlock(
          context.segments(),
          range -> {
            Tensor p = probabilities(heads, range, context.masks());
            Tensor target = out.narrow(1, range.query, range.rows);
            Tensor v = seen(heads.v(), range);
            target.copyFrom(Ops.bmm(p, v).view(target.shape()));
          });
      return scope.lift(out);
    }
  }

  /** Gradients of queries, keys and values; dOut laid out like q. */
  Heads backward(Heads heads, Tensor dOut, PassContext context) {
    if (heads.bySegment()) {
      return bySegment.backward(heads, dOut, context.segments());
    }
    try (Scope scope = Scope.open()) {
      Tensor dq = heads.q().newEmpty(heads.q().shape());
      // Several blocks add to the same keys: in float32, so that sums are not rounded each time.
      DType type = heads.k().dtype();
      DType wide = type == DType.BF16 ? DType.F32 : type;
      Tensor dk = Tensor.zeros(wide, heads.k().device(), heads.k().shape());
      Tensor dv = Tensor.zeros(wide, heads.k().device(), heads.k().shape());
      forEachBlock(
          context.segments(),
          range -> {
            Tensor p = probabilities(heads, range, context.masks());
            Tensor dO = rows(dOut, range);
            Tensor dp = Ops.bmm(dO, seen(heads.v(), range).transpose(1, 2));
            Tensor delta = Ops.sum(dp.times(p), -1, true);
            Tensor ds = dp.subInPlace(delta).mulInPlace(p).mulInPlace(scale);
            add(dv, range, Ops.bmm(p.transpose(1, 2), dO));
            add(dk, range, Ops.bmm(ds.transpose(1, 2), rows(heads.q(), range)));
            Ops.bmmInto(rows(dq, range), ds, seen(heads.k(), range));
          });
      return new Heads(scope.lift(dq), scope.lift(dk.to(type)), scope.lift(dv.to(type)));
    }
  }

  /**
   * Attention of one new token over a cache.
   *
   * @param q (K, 1, G, D)
   * @param k (K, P + 1, D) of the tokens before it and its own
   * @param v likewise
   * @return (K, G, D)
   */
  Tensor forwardCached(Tensor q, Tensor k, Tensor v) {
    try (Scope scope = Scope.open()) {
      long keys = k.size(1);
      long first = window > 0 ? Math.max(0, keys - window) : 0;
      Tensor seen = k.narrow(1, first, keys - first).transpose(1, 2);
      Tensor scores = Ops.bmm(q.reshape(q.size(0), q.size(2), q.size(3)), seen).mulInPlace(scale);
      return scope.lift(Ops.bmm(Ops.softmax(scores, -1), v.narrow(1, first, keys - first)));
    }
  }

  /** P (K, rows·G, keys). */
  private Tensor probabilities(Heads heads, Range range, AttentionMasks masks) {
    Tensor k = seen(heads.k(), range);
    Tensor scores = Ops.bmm(rows(heads.q(), range), k.transpose(1, 2));
    scores.mulInPlace(scale).addInPlace(masks.get(range.rows, range.keys(), range.shift(), window));
    return Ops.softmax(scores, -1);
  }

  /** Rows of a (K, N, G, E) tensor as (K, rows·G, E). */
  private static Tensor rows(Tensor x, Range range) {
    long[] shape = x.shape();
    return x.narrow(1, range.query, range.rows).view(shape[0], range.rows * shape[2], shape[3]);
  }

  /** The keys or values (K, keys, D) that a block sees. */
  private static Tensor seen(Tensor all, Range range) {
    Tensor own = range.own.of(all);
    return range.before.count == 0 ? own : Ops.cat(1, range.before.of(all), own);
  }

  /** Adds the gradient of {@link #seen} to that of all. */
  private static void add(Tensor sum, Range range, Tensor gradient) {
    int before = range.before.count;
    range.own.of(sum).addInPlace(gradient.narrow(1, before, range.own.count));
    if (before > 0) {
      range.before.of(sum).addInPlace(gradient.narrow(1, 0, before));
    }
  }

  private void forEachBlock(Segments segments, Work work) {
    for (int s = 0; s < segments.count(); s++) {
      for (int at = 0; at < segments.length(s); at += most) {
        try (Scope block = Scope.open()) {
          work.on(range(segments, s, at));
        }
      }
    }
  }

  /** The block that begins at an own token of a segment. */
  private Range range(Segments segments, int s, int at) {
    int rows = Math.min(most, segments.length(s) - at);
    int before = segments.before(s);
    int first = window > 0 ? Math.max(0, before + at - window + 1) : 0;
    int from = Math.max(0, first - before);
    return new Range(
        segments.start(s) + at,
        rows,
        new Part(first, Math.max(0, before - first)),
        new Part(segments.start(s) + from, at + rows - from));
  }
}
