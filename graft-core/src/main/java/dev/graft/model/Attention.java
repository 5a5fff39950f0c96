package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Kernels;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Causal grouped-query attention within the segments of a packed micro-batch.
 *
 * <p>Queries are laid out (K, N, G, D), so that the queries of one segment that share a key head
 * are one matrix (L·G, D) and each product is batched over the K key heads only. Long segments are
 * worked off in blocks of queries, each against all the keys it sees: nothing quadratic in the
 * length is kept. Backward recomputes the probabilities P; with O = P·V and the row sums {@code δ =
 * Σ dO∘O} (Dao et al. 2022, arXiv 2205.14135, section 3.1):
 *
 * <pre>
 *   dV = Pᵀ·dO      dS = P ∘ (dO·Vᵀ − δ)      dQ = c·dS·K      dK = c·dSᵀ·Q      c = 1/√D
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
   * Kernels#splitHeads} k and v have room for more tokens, which no query sees.
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
            Tensor p = probabilities(heads, range, masks).narrow(2, 0, range.keys);
            Tensor v = heads.v().narrow(1, range.key, range.keys);
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

  /**
   * Gradients of queries, keys and values.
   *
   * @param out (K, N, G, D), what forward gave
   * @param dOut (K, N, G, D)
   */
  Heads backward(Heads heads, Tensor out, Tensor dOut, int[] starts, AttentionMasks masks) {
    try (Scope scope = Scope.open()) {
      // The kernels make δ from P and dP, which they pass over anyway.
      Tensor delta = heads.hasRoom() ? null : Ops.sum(dOut.times(out), -1, true); // (K, N, G, 1)
      Tensor dq = heads.q().newEmpty(heads.q().shape());
      Sums sums = new Sums(heads, hasLongSegment(starts));
      forEachBlock(
          starts,
          range -> {
            Tensor p = probabilities(heads, range, masks);
            Tensor dO = rows(dOut, range);
            Tensor ds = scoreGradient(heads, range, dO, p, delta).narrow(2, 0, range.keys);
            sums.add(sums.dv, range, p.narrow(2, 0, range.keys).transpose(1, 2), dO);
            sums.add(sums.dk, range, ds.transpose(1, 2), rows(heads.q(), range));
            Ops.bmmInto(rows(dq, range), ds, heads.k().narrow(1, range.key, range.keys));
          });
      DType type = heads.k().dtype();
      return new Heads(scope.lift(dq), scope.lift(sums.dk.to(type)), scope.lift(sums.dv.to(type)));
    }
  }

  /** Gradients of keys and values (K, N, D). */
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
      shape[1] = heads.q().size(1);
      DType given = heads.k().dtype();
      DType type = adds && given == DType.BF16 ? DType.F32 : given;
      this.dk = sum(type, heads, shape);
      this.dv = sum(type, heads, shape);
    }

    private Tensor sum(DType type, Heads heads, long[] shape) {
      Tensor sum = Tensor.empty(type, heads.k().device(), shape);
      return adds ? sum.zeroInPlace() : sum;
    }

    /** Adds {@code a·b} to the range's keys. */
    void add(Tensor sum, Range range, Tensor a, Tensor b) {
      Tensor target = sum.narrow(1, range.key, range.keys);
      if (adds) {
        target.addInPlace(Ops.bmm(a, b));
      } else {
        Ops.bmmInto(target, a, b);
      }
    }
  }

  /** {@code c·dS} (K, rows·G, keys or more) from {@code dP = dO·Vᵀ}; {@code delta} as needed. */
  private Tensor scoreGradient(
      Heads heads, Range range, Tensor dO, Tensor p, @Nullable Tensor delta) {
    Tensor v = heads.v().narrow(1, range.key, p.size(2));
    Tensor dp = Ops.bmm(dO, v.transpose(1, 2));
    if (delta == null) {
      return Kernels.softmaxBackwardInPlace(dp, p, sight(heads, range), scale);
    }
    return dp.subInPlace(rows(delta, range)).mulInPlace(p).mulInPlace(scale);
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
