package dev.graft.model;

import dev.graft.engine.Kernels;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Segments;
import dev.graft.engine.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The order of queries, keys and values in memory: by token as the projections make them, (N, (H +
 * 2K)·D) or (N, H·D), and by head as {@link Attention} takes them.
 */
final class HeadLayout {
  private final DecoderSpec spec;

  HeadLayout(DecoderSpec spec) {
    this.spec = spec;
  }

  /** The queries and keys of a fused (N, (H + 2K)·D) as (N, H + K, D). */
  Tensor queryKey(Tensor qkv) {
    long heads = spec.heads() + (long) spec.kvHeads();
    return qkv.narrow(1, 0, heads * spec.headDim()).view(qkv.size(0), heads, spec.headDim());
  }

  /** Fused (N, (H + 2K)·D) to heads with queries and keys rotated, which {@code kept} holds. */
  Attention.Heads rotateAndSplit(Tensor qkv, PassContext context, Scope kept) {
    Rotary rotary = context.rotary();
    if (Kernels.serve(qkv, spec.headDim() / 2)) {
      Kernels.HeadShape shape = shape(context.segments());
      Kernels.Heads into =
          new Kernels.Heads(
              kept.hold(context.empty(qkv, shape.queries())),
              kept.hold(context.empty(qkv, shape.keys())),
              kept.hold(context.empty(qkv, shape.keys())));
      Kernels.splitHeads(qkv, into, shape, rotary.cos(), rotary.sin());
      return new Attention.Heads(into.q(), into.k(), into.v());
    }
    rotary.forward(queryKey(qkv));
    return split(qkv, context, kept);
  }

  /** Transpose of {@link #rotateAndSplit}. */
  Tensor mergeAndRotate(Attention.Heads gradients, PassContext context) {
    Rotary rotary = context.rotary();
    if (gradients.bySegment()) {
      Kernels.Heads heads = new Kernels.Heads(gradients.q(), gradients.k(), gradients.v());
      return Kernels.mergeHeads(heads, shape(context.segments()), rotary.cos(), rotary.sin());
    }
    Tensor dqkv = merge(gradients);
    rotary.backward(queryKey(dqkv));
    return dqkv;
  }

  private Kernels.HeadShape shape(Segments segments) {
    return shape(spec, segments);
  }

  /** How the kernels lay out the heads of a pass. */
  static Kernels.HeadShape shape(DecoderSpec spec, Segments segments) {
    int group = spec.heads() / spec.kvHeads();
    return new Kernels.HeadShape(segments, spec.kvHeads(), group, spec.headDim());
  }

  /** Fused (N, (H + 2K)·D) to heads of their own memory, which {@code kept} holds. */
  Attention.Heads split(Tensor qkv, PassContext context, Scope kept) {
    long n = qkv.size(0);
    long q = spec.queryWidth();
    long k = spec.keyWidth();
    Tensor query = qkv.narrow(1, 0, q).view(n, spec.kvHeads(), group(), spec.headDim());
    Tensor key = qkv.narrow(1, q, k).view(n, spec.kvHeads(), spec.headDim());
    Tensor value = qkv.narrow(1, q + k, k).view(n, spec.kvHeads(), spec.headDim());
    return new Attention.Heads(
        kept.hold(own(query.permute(1, 0, 2, 3), context)),
        kept.hold(own(key.permute(1, 0, 2), context)),
        kept.hold(own(value.permute(1, 0, 2), context)));
  }

  private static Tensor own(Tensor view, PassContext context) {
    return context.empty(view, view.shape()).copyFrom(view);
  }

  /** Inverse of {@link #split}. */
  private Tensor merge(Attention.Heads heads) {
    long n = heads.q().size(1);
    long q = spec.queryWidth();
    long k = spec.keyWidth();
    Tensor qkv = heads.q().newEmpty(n, q + 2 * k);
    long dim = spec.headDim();
    qkv.narrow(1, 0, q)
        .view(n, spec.kvHeads(), group(), dim)
        .copyFrom(heads.q().permute(1, 0, 2, 3));
    qkv.narrow(1, q, k).view(n, spec.kvHeads(), dim).copyFrom(heads.k().permute(1, 0, 2));
    qkv.narrow(1, q + k, k).view(n, spec.kvHeads(), dim).copyFrom(heads.v().permute(1, 0, 2));
    return qkv;
  }

  /**
   * What attention gave to (N, H·D), or the rows that the pass needs (M, H·D), as the projection's
   * {@code prepare} takes it.
   *
   * @param rows to go on with; null for all
   */
  Tensor join(Tensor attended, @Nullable Tensor rows, PassContext context, FusedLinear projection) {
    if (attended.dim() != 1 && context.workspace() == null) {
      // As operations that automatic differentiation knows, for the tests.
      Tensor joined = attended.permute(1, 0, 2, 3).reshape(attended.size(1), spec.queryWidth());
      return rows == null ? joined : Ops.indexSelect(joined, 0, rows);
    }
    long n = context.tokens();
    Tensor room =
        rows == null
            ? context.empty(attended, n, projection.width())
            : attended.newEmpty(n, projection.width());
    Tensor into = room.narrow(1, 0, spec.queryWidth());
    if (attended.dim() == 1) {
      Kernels.joinHeads(attended, shape(context.segments()), into);
    } else {
      into.view(n, spec.kvHeads(), group(), spec.headDim()).copyFrom(attended.permute(1, 0, 2, 3));
    }
    return rows == null ? room : Ops.indexSelect(room, 0, rows);
  }

  /** Transpose of {@link #join}: (N, H·D) to the layout of {@code like}. */
  Tensor part(Tensor joined, PassContext context, Attention.Heads like) {
    if (like.bySegment()) {
      return Kernels.partHeads(joined, shape(context.segments()));
    }
    Tensor byHead = joined.view(joined.size(0), spec.kvHeads(), group(), spec.headDim());
    return byHead.permute(1, 0, 2, 3).contiguous();
  }

  /** The keys or values of one segment with those of shared tokens before them, (K, T, D). */
  Tensor ofSegment(Tensor all, Segments segments, int s) {
    if (all.dim() != 1) {
      Tensor own = all.narrow(1, segments.start(s), segments.length(s));
      int before = segments.before(s);
      return before == 0 ? own : Ops.cat(1, all.narrow(1, 0, before), own);
    }
    long each = (long) spec.kvHeads() * spec.headDim();
    long room = segments.keyRoom(s);
    return all.narrow(0, segments.keyRoomBefore(s) * each, room * each)
        .view(spec.kvHeads(), room, spec.headDim())
        .narrow(1, 0, segments.keys(s));
  }

  private int group() {
    return spec.heads() / spec.kvHeads();
  }
}
