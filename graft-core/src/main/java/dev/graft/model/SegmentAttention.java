package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Kernels;
import dev.graft.engine.Ops;
import dev.graft.engine.QueryBlocks;
import dev.graft.engine.Scope;
import dev.graft.engine.Segments;
import dev.graft.engine.Tensor;
import dev.graft.engine.TileAttention;

/**
 * {@link Attention} with the kernels. Each segment's heads are matrices of their own, with room up
 * to the next multiple of the kernels' width: no product gets strided views, which libtorch would
 * copy, and there are few different sizes, for each of which oneDNN compiles and keeps a product.
 * Rows and keys in the room are zeros, which no query sees and which see nothing. Where the
 * processor has tiles, {@link TileAttention} does it.
 */
final class SegmentAttention {
  private final DecoderSpec spec;
  private final double scale;
  private final QueryBlocks blocks;
  private final int kvHeads;
  private final int group;
  private final int dim;

  SegmentAttention(DecoderSpec spec, int window) {
    this.spec = spec;
    this.scale = 1 / Math.sqrt(spec.headDim());
    this.blocks = LayerShape.blocks(true, spec, window);
    this.kvHeads = spec.kvHeads();
    this.group = spec.heads() / spec.kvHeads();
    this.dim = spec.headDim();
  }

  /**
   * Matrices of one segment: q (K, room·G, D), k and v (K, room, D), which begin with those of
   * shared tokens.
   */
  private record Part(Tensor q, Tensor k, Tensor v) {}

  @FunctionalInterface
  private interface Work {
    void on(QueryBlocks.Block block);
  }

  /** The outputs, laid out like q. */
  Tensor forward(Attention.Heads heads, Segments segments) {
    if (TileAttention.isUsed()) {
      return tiles(segments).forward(own(heads));
    }
    try (Scope scope = Scope.open()) {
      Tensor out = heads.q().newEmpty(heads.q().shape());
      for (int s = 0; s < segments.count(); s++) {
        try (Scope each = Scope.open()) {
          Part part = part(heads, segments, s);
          Tensor o = queries(out, segments, s);
          forEachBlock(
              segments,
              s,
              block -> {
                Tensor p = probabilities(part, block);
                Ops.bmmInto(rows(o, block), p, keys(part.v, block));
              });
        }
      }
      return scope.lift(out);
    }
  }

  /** Gradients of queries, keys and values; dOut laid out like q. */
  Attention.Heads backward(Attention.Heads heads, Tensor dOut, Segments segments) {
    if (TileAttention.isUsed()) {
      Kernels.Heads gradients = tiles(segments).backward(own(heads), dOut);
      addShared(gradients.k(), segments);
      addShared(gradients.v(), segments);
      return new Attention.Heads(gradients.q(), gradients.k(), gradients.v());
    }
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

  private TileAttention tiles(Segments segments) {
    return new TileAttention(HeadLayout.shape(spec, segments), blocks.window(), scale);
  }

  private static Kernels.Heads own(Attention.Heads heads) {
    return new Kernels.Heads(heads.q(), heads.k(), heads.v());
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
    boolean several =
        segments.length(s) > blocks.most() || (blocks.window() > 0 && segments.before(s) > 0);
    Tensor dk = several ? Tensor.zeros(DType.F32, into.k.device(), into.k.shape()) : into.k;
    Tensor dv = several ? Tensor.zeros(DType.F32, into.v.device(), into.v.shape()) : into.v;
    forEachBlock(
        segments,
        s,
        block -> {
          Tensor p = probabilities(part, block);
          Tensor dO = rows(dOut, block);
          Tensor dp = Ops.bmm(dO, keys(part.v, block).transpose(1, 2));
          Tensor ds = Kernels.softmaxBackwardInPlace(dp, p, sight(block), scale);
          add(dv, block, p.transpose(1, 2), dO, several);
          add(dk, block, ds.transpose(1, 2), rows(part.q, block), several);
          Ops.bmmInto(rows(into.q, block), ds, keys(part.k, block));
        });
    if (several) {
      into.k.copyFrom(dk);
      into.v.copyFrom(dv);
    }
  }

  private static void add(
      Tensor sum, QueryBlocks.Block block, Tensor a, Tensor b, boolean several) {
    if (several) {
      keys(sum, block).addInPlace(Ops.bmm(a, b));
    } else {
      Ops.bmmInto(keys(sum, block), a, b);
    }
  }

  /** P (K, rows·G, keys). */
  private Tensor probabilities(Part part, QueryBlocks.Block block) {
    Tensor scores = Ops.bmm(rows(part.q, block), keys(part.k, block).transpose(1, 2));
    return Kernels.softmaxInPlace(scores, sight(block), scale);
  }

  private Kernels.Sight sight(QueryBlocks.Block block) {
    return new Kernels.Sight(block.rows(), block.real(), group, block.shift(), blocks.window());
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

  private Tensor rows(Tensor queries, QueryBlocks.Block block) {
    return queries.narrow(1, (long) block.query() * group, (long) block.rows() * group);
  }

  private static Tensor keys(Tensor keys, QueryBlocks.Block block) {
    return keys.narrow(1, block.key(), block.keys());
  }

  private void forEachBlock(Segments segments, int s, Work work) {
    for (QueryBlocks.Block block : blocks.of(segments.before(s), segments.length(s))) {
      try (Scope scope = Scope.open()) {
        work.on(block);
      }
    }
  }
}
