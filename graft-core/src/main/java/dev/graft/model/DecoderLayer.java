package dev.graft.model;

import dev.graft.engine.Kernels;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One layer: {@code m = x + O(attention(QKV(norm(x))))}, {@code y = m +
 * Down(SwiGLU(GateUp(norm(m))))} (SwiGLU: Shazeer 2020, arXiv 2002.05202, {@code silu(gate) ∘ up}).
 */
final class DecoderLayer {
  /**
   * The weights of a layer.
   *
   * @param queryNorm norm of each query head; null where the family has none
   * @param keyNorm norm of each key head; null where the family has none
   */
  record Weights(
      RmsNorm inputNorm,
      FusedLinear qkv,
      @Nullable RmsNorm queryNorm,
      @Nullable RmsNorm keyNorm,
      FusedLinear output,
      RmsNorm postNorm,
      FusedLinear gateUp,
      FusedLinear down) {
    List<FusedLinear> linears() {
      return List.of(qkv, output, gateUp, down);
    }
  }

  private final DecoderSpec spec;
  private final int index;
  private final Weights w;
  private final Attention attention;

  DecoderLayer(DecoderSpec spec, int index, Weights weights) {
    this.spec = spec;
    this.index = index;
    this.w = weights;
    this.attention = new Attention(spec.headDim(), spec.windows()[index]);
  }

  Weights weights() {
    return w;
  }

  boolean isTrained() {
    return w.inputNorm.isTrained() || w.linears().stream().anyMatch(FusedLinear::isTrained);
  }

  /** Output of a layer (N, d) with what its backward pass needs. */
  record Step(Tensor output, LayerTape tape) {}

  /**
   * x (N, d) to (N, d). The output is in the caller's scope; the tape has its own and takes x over.
   */
  Step forward(Tensor x, PassContext context) {
    Scope kept = Scope.holder();
    try (Scope scope = Scope.open()) {
      RmsNorm.Result normed = w.inputNorm.forward(x, w.qkv);
      LinearTape qkvTape = keep(kept, w.qkv.prepare(normed.y(), context.seedFor(index, 0)));
      Tensor qkv = w.qkv.forward(qkvTape);
      QueryKeyNorm.Result raw = normaliseHeads(qkv, kept);
      Attention.Heads heads = rotateAndSplit(qkv, context.rotary(), kept);
      Tensor attended = kept.hold(attention.forward(heads, context.starts(), context.masks()));
      LinearTape outputTape =
          keep(kept, w.output.prepare(join(attended), context.seedFor(index, 1)));
      Tensor middle = kept.hold(add(w.output.forward(outputTape), x));

      RmsNorm.Result normed2 = w.postNorm.forward(middle, w.gateUp);
      LinearTape gateUpTape = keep(kept, w.gateUp.prepare(normed2.y(), context.seedFor(index, 2)));
      Tensor gated = kept.hold(w.gateUp.forward(gateUpTape));
      LinearTape downTape = keep(kept, w.down.prepare(swiglu(gated), context.seedFor(index, 3)));
      Tensor y = scope.lift(add(w.down.forward(downTape), middle));
      LayerTape tape =
          new LayerTape(
              kept,
              kept.hold(x),
              kept.hold(normed.inverse()),
              qkvTape,
              raw.raw(),
              raw.queryInverse(),
              raw.keyInverse(),
              heads,
              attended,
              outputTape,
              middle,
              kept.hold(normed2.inverse()),
              gateUpTape,
              gated,
              downTape);
      return new Step(y, tape);
    } catch (RuntimeException | Error e) {
      kept.close();
      throw e;
    }
  }

  /**
   * dy (N, d) to dx (N, d); adds the gradients of what is trained here.
   *
   * @return dx, or null where {@code inputGradient} says that nothing below needs it
   */
  @Nullable Tensor backward(Tensor dy, LayerTape tape, PassContext context, boolean inputGradient) {
    GradientBuffer into = context.into();
    try (Scope scope = Scope.open()) {
      Tensor dm = backwardMlp(dy, tape, into);
      Tensor dAttended = need(w.output.backward(dm, tape.output(), true, into));
      Attention.Heads heads = tape.heads();
      Attention.Heads gradients =
          attention.backward(
              heads, tape.attended(), part(dAttended), context.starts(), context.masks());
      Tensor dqkv = mergeAndRotate(gradients, context.rotary());
      backwardHeadNorms(dqkv, tape, into);
      boolean needNorm = inputGradient || w.inputNorm.isTrained();
      Tensor dNormed = w.qkv.backward(dqkv, tape.qkv(), needNorm, into);
      if (dNormed == null) {
        return null;
      }
      Tensor dx = w.inputNorm.backward(dNormed, tape.input(), tape.inputInverse(), dm, into);
      return inputGradient ? scope.lift(dx) : null;
    }
  }

  private Tensor backwardMlp(Tensor dy, LayerTape tape, GradientBuffer into) {
    try (Scope scope = Scope.open()) {
      Tensor da = need(w.down.backward(dy, tape.down(), true, into));
      Tensor dGated = swigluBackward(tape.gated(), da);
      Tensor dNormed = need(w.gateUp.backward(dGated, tape.gateUp(), true, into));
      return scope.lift(
          w.postNorm.backward(dNormed, tape.middle(), tape.middleInverse(), dy, into));
    }
  }

  /** One new token x (B, d) of each cache's sequence; the caches take its keys and values. */
  Tensor forwardCached(Tensor x, PassContext context, List<KeyValueCache> caches) {
    try (Scope scope = Scope.open()) {
      Scope kept = Scope.holder();
      try (kept) {
        Tensor qkv = forward(w.qkv, w.inputNorm.forward(x, w.qkv).y());
        normaliseHeads(qkv, kept);
        context.rotary().forward(queryKey(qkv));
        Attention.Heads heads = split(qkv, kept);
        Tensor attended = x.newEmpty(caches.size(), spec.queryWidth());
        for (int s = 0; s < caches.size(); s++) {
          attendCached(heads, s, caches.get(s), attended.select(0, s));
        }
        Tensor middle = add(forward(w.output, attended), x);
        Tensor gated = forward(w.gateUp, w.postNorm.forward(middle, w.gateUp).y());
        return scope.lift(add(forward(w.down, swiglu(gated)), middle));
      }
    }
  }

  private void attendCached(Attention.Heads heads, int row, KeyValueCache cache, Tensor into) {
    cache.append(index, heads.k().narrow(1, row, 1), heads.v().narrow(1, row, 1));
    long keys = cache.length() + 1L;
    Tensor k = cache.keys(index).narrow(1, 0, keys);
    Tensor v = cache.values(index).narrow(1, 0, keys);
    Tensor attended = attention.forwardCached(heads.q().narrow(1, row, 1), k, v);
    into.copyFrom(attended.view(spec.queryWidth()));
  }

  private static Tensor forward(FusedLinear linear, Tensor input) {
    return linear.forward(linear.prepare(input, 0));
  }

  /** {@code a + b} into a. */
  private static Tensor add(Tensor a, Tensor b) {
    return Kernels.serve(a, a.size(1)) ? Kernels.addInPlace(a, b) : a.addInPlace(b);
  }

  /** Gate and up (N, 2·I) to (N, I), as the down projection's {@code prepare} takes it. */
  private Tensor swiglu(Tensor gated) {
    long width = spec.intermediate();
    if (Kernels.serve(gated, width)) {
      Tensor room = w.down.room(gated);
      Kernels.swiglu(gated, room.narrow(1, 0, width));
      return room;
    }
    return Ops.silu(gated.narrow(1, 0, width)).mulInPlace(gated.narrow(1, width, width));
  }

  /** Gradient of gate and up (N, 2·I); may take their place. */
  private Tensor swigluBackward(Tensor gated, Tensor da) {
    long width = spec.intermediate();
    if (Kernels.serve(gated, width)) {
      return Kernels.swigluBackwardInPlace(gated, da);
    }
    Tensor gate = gated.narrow(1, 0, width);
    Tensor up = gated.narrow(1, width, width);
    Tensor dGated = gated.newEmpty(gated.shape());
    dGated.narrow(1, 0, width).copyFrom(Ops.siluBackward(da.times(up), gate));
    dGated.narrow(1, width, width).copyFrom(Ops.silu(gate).mulInPlace(da));
    return dGated;
  }

  // ---- heads

  private int group() {
    return spec.heads() / spec.kvHeads();
  }

  /** The queries and keys of a fused (N, (H + 2K)·D) as (N, H + K, D). */
  private Tensor queryKey(Tensor qkv) {
    long heads = spec.heads() + (long) spec.kvHeads();
    return qkv.narrow(1, 0, heads * spec.headDim()).view(qkv.size(0), heads, spec.headDim());
  }

  private QueryKeyNorm.Result normaliseHeads(Tensor qkv, Scope kept) {
    if (w.queryNorm == null || w.keyNorm == null) {
      return QueryKeyNorm.NOTHING;
    }
    return QueryKeyNorm.forward(queryKey(qkv), spec.heads(), w.queryNorm, w.keyNorm, kept);
  }

  private void backwardHeadNorms(Tensor dqkv, LayerTape tape, GradientBuffer into) {
    if (w.queryNorm != null && w.keyNorm != null) {
      QueryKeyNorm.Result result =
          new QueryKeyNorm.Result(tape.rawQueryKey(), tape.queryInverse(), tape.keyInverse());
      QueryKeyNorm.backward(queryKey(dqkv), result, w.queryNorm, w.keyNorm, into);
    }
  }

  private Attention.Heads rotateAndSplit(Tensor qkv, Rotary rotary, Scope kept) {
    if (Kernels.serve(qkv, spec.headDim() / 2)) {
      Kernels.Heads made =
          Kernels.splitHeads(qkv, spec.heads(), spec.kvHeads(), rotary.cos(), rotary.sin());
      return new Attention.Heads(kept.hold(made.q()), kept.hold(made.k()), kept.hold(made.v()));
    }
    rotary.forward(queryKey(qkv));
    return split(qkv, kept);
  }

  /** Transpose of {@link #rotateAndSplit}. */
  private Tensor mergeAndRotate(Attention.Heads gradients, Rotary rotary) {
    if (Kernels.serve(gradients.q(), spec.headDim() / 2)) {
      Kernels.Heads heads = new Kernels.Heads(gradients.q(), gradients.k(), gradients.v());
      return Kernels.mergeHeads(heads, rotary.cos(), rotary.sin());
    }
    Tensor dqkv = merge(gradients);
    rotary.backward(queryKey(dqkv));
    return dqkv;
  }

  /** Fused (N, (H + 2K)·D) to heads of their own memory. */
  private Attention.Heads split(Tensor qkv, Scope kept) {
    long n = qkv.size(0);
    long q = spec.queryWidth();
    long k = spec.keyWidth();
    Tensor query = qkv.narrow(1, 0, q).view(n, spec.kvHeads(), group(), spec.headDim());
    Tensor key = qkv.narrow(1, q, k).view(n, spec.kvHeads(), spec.headDim());
    Tensor value = qkv.narrow(1, q + k, k).view(n, spec.kvHeads(), spec.headDim());
    return new Attention.Heads(
        kept.hold(own(query.permute(1, 0, 2, 3))),
        kept.hold(own(key.permute(1, 0, 2))),
        kept.hold(own(value.permute(1, 0, 2))));
  }

  /** A permuted view of one token can be contiguous and still share memory: copy it always. */
  private static Tensor own(Tensor view) {
    return view.copy();
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

  /** (K, N, G, D) to (N, H·D), as the output projection's {@code prepare} takes it. */
  private Tensor join(Tensor attended) {
    if (Kernels.serve(attended, spec.headDim())) {
      Tensor room = w.output.room(attended.view(-1, spec.queryWidth()));
      Kernels.joinHeads(attended, room.narrow(1, 0, spec.queryWidth()));
      return room;
    }
    return attended.permute(1, 0, 2, 3).reshape(attended.size(1), spec.queryWidth());
  }

  /** (N, H·D) to (K, N, G, D). */
  private Tensor part(Tensor joined) {
    if (Kernels.serve(joined, spec.headDim())) {
      long n = joined.size(0);
      return Kernels.partHeads(joined, joined.newEmpty(spec.kvHeads(), n, group(), spec.headDim()));
    }
    Tensor byHead = joined.view(joined.size(0), spec.kvHeads(), group(), spec.headDim());
    return byHead.permute(1, 0, 2, 3).contiguous();
  }

  private static LinearTape keep(Scope kept, LinearTape tape) {
    kept.hold(tape.input());
    Tensor mask = tape.mask();
    if (mask != null) {
      kept.hold(mask);
    }
    return tape;
  }

  private static Tensor need(@Nullable Tensor gradient) {
    if (gradient == null) {
      throw new IllegalStateException("a gradient is missing");
    }
    return gradient;
  }
}
