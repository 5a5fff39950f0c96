package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Kernels;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Segments;
import dev.graft.engine.Tensor;

/**
 * {@link Attention} with the kernels. Each segment's heads are matrices of their own, with room up
 * to the next multiple of the kernels' width: no product gets strided views, which libtorch would
 * copy, and there are few different sizes, for each of which oneDNN compiles and keeps a product.
 * Rows and keys in the room are zeros, which no query sees and which see nothing.
 */
final class SegmentAttention {
  /** Most queries worked on at once, a multiple of the kernels' width. */
  private static final int BLOCK = 512;

  private final double scale;
  private final int window;
  private final int kvHeads;
  private final int group;
  private final int dim;

  SegmentAttention(DecoderSpec spec, int window) {
    this.scale = 1 / Math.sqrt(spec.headDim());
    this.window = window;
    this.kvHeads = spec.kvHeads();
    this.group = spec.heads() / spec.kvHeads();
    this.dim = spec.headDim();
  }

  /**
   * Matrices of one segment: q (K, room·G, D), k and v (K, room, D), which begin with those of
   * shared tokens.
   */
  private record Part(Tensor q, Tensor k, Tensor v) {}

  /**
   * A block of queries and the keys it sees.
   *
   * @param real how many of the rows are there
   * @param shift position of the first query among the keys
   */
  private record Range(int query, int rows, int real, int shift, int key, int keys) {}

  @FunctionalInterface
  private interface Work {
    void on(Range range);
  }

  /** The outputs, laid out like q. */
  Tensor forward(Attention.Heads heads, Segments segments) {
    try (Scope scope = Scope.open()) {
      Tensor out = heads.q().newEmpty(heads.q().shape());
      for (int s = 0; s < segments.count(); s++) {
        try (Scope each = Scope.open()) {
          Part part = part(heads, segments, s);
          Tensor o = queries(out, segments, s);
          forEachBlock(
              segments,
              s,
              range -> {
                Tensor p = probabilities(part, range);
                Ops.bmmInto(rows(o, range), p, keys(part.v, range));
              });
        }
      }
      return scope.lift(out);
    }
  }

  /** Gradients of queries, keys and values; dOut laid out like q. */
  Attention.Heads backward(Attention.Heads heads, Tensor dOut, Segments segments) {
    try (Scope scope = Scope.open()) {
      Attention.Heads gradients =
          new Attention.Heads(
              heads.q().newEmpty(heads.q().shape()),
              heads.k().newEmpty(heads.k().shape()),
              heads.v().newEmpty(heads.v().shape()));
      for (int s = 0; s < segments.count(); s++) {
        try (Scope each = Scope.open()) {
          Part into = part(gradients, segments, s);
          Tensor dO = queries(dOut, segments, s);
          backward(part(heads, segments, s), dO, into, segments, s);
        }
      }
      addShared(gradients.k(), segments);
      addShared(gradients.v(), segments);
      return new Attention.Heads(
          scope.lift(gradients.q()), scope.lift(gradients.k()), scope.lift(gradients.v()));
    }
  }

  /** Adds the other segments' gradients of shared keys or values to those of the first. */
  private void addShared(Tensor all, Segments segments) {
    int shared = segments.before(segments.count() - 1);
    if (shared == 0) {
      return;
    }
    try (Scope scope = Scope.open()) {
      Tensor first = keys(all, segments, 0).narrow(1, 0, shared);
      Tensor sum = first.to(DType.F32);
      for (int s = 1; s < segments.count(); s++) {
        sum.addInPlace(keys(all, segments, s).narrow(1, 0, shared));
      }
      first.copyFrom(sum);
    }
  }

  private void backward(Part part, Tensor dOut, Part into, Segments segments, int s) {
    // Blocks add to the same keys: in float32, so that sums are not rounded each time. Of one block
    // with a window shared keys may be out of sight.
    boolean several = segments.length(s) > BLOCK || (window > 0 && segments.before(s) > 0);
    Tensor dk = several ? Tensor.zeros(DType.F32, into.k.device(), into.k.shape()) : into.k;
    Tensor dv = several ? Tensor.zeros(DType.F32, into.v.device(), into.v.shape()) : into.v;
    forEachBlock(
        segments,
        s,
        range -> {
          Tensor p = probabilities(part, range);
          Tensor dO = rows(dOut, range);
          Tensor dp = Ops.bmm(dO, keys(part.v, range).transpose(1, 2));
          Tensor ds = Kernels.softmaxBackwardInPlace(dp, p, sight(range), scale);
          add(dv, range, p.transpose(1, 2), dO, several);
          add(dk, range, ds.transpose(1, 2), rows(part.q, range), several);
          Ops.bmmInto(rows(into.q, range), ds, keys(part.k, range));
        });
    if (several) {
      into.k.copyFrom(dk);
      into.v.copyFrom(dv);
    }
  }

  private static void add(Tensor sum, Range range, Tensor a, Tensor b, boolean several) {
    if (several) {
      keys(sum, range).addInPlace(Ops.bmm(a, b));
    } else {
      Ops.bmmInto(keys(sum, range), a, b);
    }
  }

  /** P (K, rows·G, keys). */
  private Tensor probabilities(Part part, Range range) {
    Tensor scores = Ops.bmm(rows(part.q, range), keys(part.k, range).transpose(1, 2));
    return Kernels.softmaxInPlace(scores, sight(range), scale);
  }

  private Kernels.Sight sight(Range range) {
    return new Kernels.Sight(range.rows, range.real, group, range.shift, window);
  }

  private Part part(Attention.Heads heads, Segments segments, int s) {
    Tensor q = queries(heads.q(), segments, s);
    return new Part(q, keys(heads.k(), segments, s), keys(heads.v(), segments, s));
  }

  /** (K, room·G, D) of a segment. */
  private Tensor queries(Tensor all, Segments segments, int s) {
    long rows = (long) segments.room(s) * group;
    return of(all, (long) segments.roomBefore(s) * group, rows);
  }

  /** (K, room, D) of a segment. */
  private Tensor keys(Tensor all, Segments segments, int s) {
    return of(all, segments.keyRoomBefore(s), segments.keyRoom(s));
  }

  /** (K, rows, D) behind so many rows. */
  private Tensor of(Tensor all, long before, long rows) {
    long each = (long) kvHeads * dim;
    return all.narrow(0, before * each, rows * each).view(kvHeads, rows, dim);
  }

  private Tensor rows(Tensor queries, Range range) {
    return queries.narrow(1, (long) range.query * group, (long) range.rows * group);
  }

  private static Tensor keys(Tensor keys, Range range) {
    return keys.narrow(1, range.key, range.keys);
  }

  private void forEachBlock(Segments segments, int s, Work work) {
    for (int at = 0; at < segments.length(s); at += BLOCK) {
      try (Scope block = Scope.open()) {
        int real = Math.min(BLOCK, segments.length(s) - at);
        int place = segments.before(s) + at;
        int first = window > 0 ? Math.max(0, place - window + 1) : 0;
        first -= first % Kernels.WIDTH;
        int keys = Segments.padded(place + real) - first;
        work.on(new Range(at, Segments.padded(real), real, place - first, first, keys));
      }
    }
  }
}
