package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Kernels;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;

/**
 * Causal grouped-query attention within the segments of a packed micro-batch.
 *
 * <p>Queries are laid out (K, N, G, D), so that the queries of one segment that share a key head
 * are one matrix (L·G, D) and each product is batched over the K key heads only. Long segments are
 * worked off in blocks of queries, each against all the keys it sees: nothing quadratic in the
 * length is kept. Backward recomputes the probabilities P; with O = P·V, dP = dO·Vᵀ and the row
 * sums {@code δ = Σ P∘dP}:
 *
 * <pre>
 *   dV = Pᵀ·dO      dS = P ∘ (dP − δ)      dQ = c·dS·K      dK = c·dSᵀ·Q      c = 1/√D
 * </pre>
 */
final class Attention {
  /** Most queries worked on at once. */
  private static final int BLOCK = 512;

  private final double scale;
  private final int window;

  Attention(int headDim, int window) {
    this.scale = 1 / Math.sqrt(headDim);
    this.window = window;
  }

  /**
   * Queries, keys and values by head. q (K, N, G, D), k and v (K, N, D); from {@link
   * Kernels#splitHeads} k and v have room for more tokens, zeros that no query sees: scores then
   * have rows of the kernels' width, and products need no strided views of them, which libtorch
   * would copy.
   */
  record Heads(Tensor q, Tensor k, Tensor v) {
    /** Whether rows of scores may read keys up to the next multiple of the kernels' width. */
    boolean hasRoom() {
      return k.size(1) >= q.size(1) + Kernels.WIDTH;
    }
  }

  /** A block of queries of one segment and the keys it sees, as ranges of tokens. */
  private record Range(int query, int rows, int key, int keys) {
    /** Position of the first query among the keys. */
    int shift() {
      return query - key;
    }
  }

  @FunctionalInterface
  private interface Work {
    void on(Range range);
  }

  /** (K, N, G, D). */
  Tensor forward(Heads heads, int[] starts, AttentionMasks masks) {
    try (Scope scope = Scope.open()) {
      Tensor out = heads.q().newEmpty(heads.q().shape());
      forEachBlock(
          starts,
          range -> {
            Tensor p = probabilities(heads, range, masks);
            Tensor v = heads.v().narrow(1, range.key, p.size(2));
            if (heads.hasRoom()) {
              Ops.bmmInto(rows(out, range), p, v);
            } else { // as operations that automatic differentiation knows, for the tests
              Tensor target = out.narrow(1, range.query, range.rows);
              target.copyFrom(Ops.bmm(p, v).view(target.shape()));
            }
          });
      return scope.lift(out);
    }
  }

  /** Gradients of queries, keys and values; dOut (K, N, G, D). */
  Heads backward(Heads heads, Tensor dOut, int[] starts, AttentionMasks masks) {
    try (Scope scope = Scope.open()) {
      Tensor dq = heads.q().newEmpty(heads.q().shape());
      Sums sums = new Sums(heads, hasLongSegment(starts));
      forEachBlock(
          starts,
          range -> {
            Tensor p = probabilities(heads, range, masks);
            Tensor dO = rows(dOut, range);
            Tensor ds = scoreGradient(heads, range, dO, p);
            sums.add(sums.dv, range, p.transpose(1, 2), dO);
            sums.add(sums.dk, range, ds.transpose(1, 2), rows(heads.q(), range));
            Ops.bmmInto(rows(dq, range), ds, heads.k().narrow(1, range.key, ds.size(2)));
          });
      DType type = heads.k().dtype();
      return new Heads(scope.lift(dq), scope.lift(sums.dk.to(type)), scope.lift(sums.dv.to(type)));
    }
  }

  /**
   * Gradients of keys and values, in the shape of these. What a segment adds to the room behind it
   * is zero, and the next segment's own.
   */
  private static final class Sums {
    private final boolean adds;
    final Tensor dk;
    final Tensor dv;

    /**
     * Several blocks add to the same keys: in float32, so that the sum is not rounded each time.
     */
    Sums(Heads heads, boolean adds) {
      this.adds = adds;
      long[] shape = heads.k().shape();
      DType given = heads.k().dtype();
      DType type = adds && given == DType.BF16 ? DType.F32 : given;
      this.dk = sum(type, heads, shape);
      this.dv = sum(type, heads, shape);
    }

    private Tensor sum(DType type, Heads heads, long[] shape) {
      Tensor sum = Tensor.empty(type, heads.k().device(), shape);
      return adds ? sum.zeroInPlace() : sum;
    }

    /** Adds {@code a·b} to the keys from the range's first on; segments come in their order. */
    void add(Tensor sum, Range range, Tensor a, Tensor b) {
      Tensor target = sum.narrow(1, range.key, a.size(1));
      if (adds) {
        target.addInPlace(Ops.bmm(a, b));
      } else {
        Ops.bmmInto(target, a, b);
      }
    }
  }

  /** {@code c·dS} (K, rows·G, keys or more) from {@code dP = dO·Vᵀ}. */
  private Tensor scoreGradient(Heads heads, Range range, Tensor dO, Tensor p) {
    Tensor v = heads.v().narrow(1, range.key, p.size(2));
    Tensor dp = Ops.bmm(dO, v.transpose(1, 2));
    if (heads.hasRoom()) {
      return Kernels.softmaxBackwardInPlace(dp, p, sight(heads, range), scale);
    }
    Tensor delta = Ops.sum(dp.times(p), -1, true);
    return dp.subInPlace(delta).mulInPlace(p).mulInPlace(scale);
  }

  /**
   * Attention of the last rows over a cache.
   *
   * @param heads q (K, T, G, D) of the new tokens, k and v (K, P + T, D) with all tokens before
   *     them
   */
  Tensor forwardCached(Heads heads, AttentionMasks masks) {
    try (Scope scope = Scope.open()) {
      int rows = (int) heads.q().size(1);
      int keys = (int) heads.k().size(1);
      Tensor out = heads.q().newEmpty(heads.q().shape());
      for (int at = 0; at < rows; at += BLOCK) {
        try (Scope block = Scope.open()) {
          int count = Math.min(BLOCK, rows - at);
          int last = keys - rows + at + count;
          int first = window > 0 ? Math.max(0, last - count - window + 1) : 0;
          Tensor q = heads.q().narrow(1, at, count).reshape(-1, count * group(heads), dim(heads));
          Tensor k = heads.k().narrow(1, first, last - first);
          Tensor scores = Ops.bmm(q, k.transpose(1, 2)).mulInPlace(scale);
          if (count > 1 || window > 0) {
            scores.addInPlace(masks.get(count, last - first, last - count - first, window));
          }
          Tensor o = Ops.bmm(Ops.softmax(scores, -1), heads.v().narrow(1, first, last - first));
          Tensor target = out.narrow(1, at, count);
          target.copyFrom(o.view(target.shape()));
        }
      }
      return scope.lift(out);
    }
  }

  /** P (K, rows·G, keys or more). */
  private Tensor probabilities(Heads heads, Range range, AttentionMasks masks) {
    int keys =
        heads.hasRoom() ? Math.ceilDiv(range.keys, Kernels.WIDTH) * Kernels.WIDTH : range.keys;
    Tensor k = heads.k().narrow(1, range.key, keys);
    Tensor scores = Ops.bmm(rows(heads.q(), range), k.transpose(1, 2));
    if (heads.hasRoom()) {
      return Kernels.softmaxInPlace(scores, sight(heads, range), scale);
    }
    scores.mulInPlace(scale).addInPlace(masks.get(range.rows, range.keys, range.shift(), window));
    return Ops.softmax(scores, -1);
  }

  private Kernels.Sight sight(Heads heads, Range range) {
    return new Kernels.Sight(range.rows, (int) group(heads), range.shift(), window);
  }

  /** Rows of a (K, N, G, E) tensor as (K, rows·G, E). */
  private static Tensor rows(Tensor x, Range range) {
    long[] shape = x.shape();
    return x.narrow(1, range.query, range.rows).view(shape[0], range.rows * shape[2], shape[3]);
  }

  private static long group(Heads heads) {
    return heads.q().size(2);
  }

  private static long dim(Heads heads) {
    return heads.q().size(3);
  }

  private static boolean hasLongSegment(int[] starts) {
    for (int s = 0; s + 1 < starts.length; s++) {
      if (starts[s + 1] - starts[s] > BLOCK) {
        return true;
      }
    }
    return false;
  }

  private void forEachBlock(int[] starts, Work work) {
    for (int s = 0; s + 1 < starts.length; s++) {
      for (int at = starts[s]; at < starts[s + 1]; at += BLOCK) {
        try (Scope block = Scope.open()) {
          int rows = Math.min(BLOCK, starts[s + 1] - at);
          int first = window > 0 ? Math.max(starts[s], at - window + 1) : starts[s];
          work.on(new Range(at, rows, first, at + rows - first));
        }
      }
    }
  }
}
