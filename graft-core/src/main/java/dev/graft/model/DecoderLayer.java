package dev.graft.model;

import dev.graft.engine.Kernels;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.engine.Workspace;
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

  private final int index;
  private final Weights w;
  private final Attention attention;
  private final HeadLayout layout;
  private final DecoderSpec spec;

  DecoderLayer(DecoderSpec spec, int index, Weights weights) {
    this.spec = spec;
    this.index = index;
    this.w = weights;
    this.attention = new Attention(spec, index);
    this.layout = new HeadLayout(spec);
  }

  Weights weights() {
    return w;
  }

  boolean isTrained() {
    return w.inputNorm.isTrained() || w.linears().stream().anyMatch(FusedLinear::isTrained);
  }

  /** Output of a layer (M, d) with what its backward pass needs. */
  record Step(Tensor output, LayerTape tape) {}

  /** The sizes of what a pass holds. */
  LayerShape shape() {
    LayerShape.Columns columns =
        new LayerShape.Columns(
            w.qkv.columns(), w.output.columns(), w.gateUp.columns(), w.down.columns());
    boolean bySegment = LayerShape.bySegment(spec, w.qkv.dtype(), w.qkv.device());
    boolean drops = w.linears().stream().anyMatch(FusedLinear::drops);
    return new LayerShape(spec, columns, drops, bySegment, w.qkv.isPacked());
  }

  /**
   * x (N, d) to (M, d): all rows, or in the last layer those that the loss needs. The output is in
   * the caller's scope; the tape has its own and takes x over.
   *
   * @param into memory for the output; null for new
   */
  Step forward(Tensor x, @Nullable Tensor into, PassContext context) {
    Scope kept = Scope.holder();
    try (Scope scope = Scope.open()) {
      Workspace space = context.workspace();
      Tensor rows = rows(context);
      RmsNorm.Result normed = w.inputNorm.forward(x, w.qkv);
      FusedLinear.Prepared qkvInput = w.qkv.prepare(normed.y(), context.seedFor(index, 0), space);
      hold(kept, qkvInput.tape());
      Tensor qkv = w.qkv.forward(qkvInput.input());
      QueryKeyNorm.Result norm = normaliseHeads(qkv, context, kept);
      Attention.Heads heads = layout.rotateAndSplit(qkv, context, kept);
      Tensor attended = attention.forward(heads, context);
      Tensor joined = layout.join(attended, rows, context, w.output);
      FusedLinear.Prepared outputInput = w.output.prepare(joined, context.seedFor(index, 1), space);
      hold(kept, outputInput.tape());
      Tensor residual = rows == null ? x : Ops.indexSelect(x, 0, rows);
      Tensor middle = kept.hold(add(w.output.forward(outputInput.input(), space), residual));

      RmsNorm.Result normed2 = w.postNorm.forward(middle, w.gateUp);
      FusedLinear.Prepared gateUpInput =
          w.gateUp.prepare(normed2.y(), context.seedFor(index, 2), space);
      hold(kept, gateUpInput.tape());
      Tensor gated = kept.hold(w.gateUp.forward(gateUpInput.input(), space));
      FusedLinear.Prepared downInput =
          w.down.prepare(Swiglu.forward(gated, w.down), context.seedFor(index, 3), space);
      hold(kept, downInput.tape());
      Tensor y = scope.lift(add(w.down.forwardInto(downInput.input(), into), middle));
      LayerTape tape =
          new LayerTape(
              kept,
              kept.hold(x),
              kept.hold(normed.inverse()),
              qkvInput.tape(),
              norm,
              heads,
              kept.hold(outputInput.input()),
              outputInput.tape(),
              middle,
              kept.hold(normed2.inverse()),
              gateUpInput.tape(),
              gated,
              downInput.tape());
      return new Step(y, tape);
    } catch (RuntimeException | Error e) {
      kept.close();
      throw e;
    }
  }

  private static void hold(Scope kept, LinearTape tape) {
    hold(kept, tape.xa());
    hold(kept, tape.mask());
  }

  private static void hold(Scope kept, @Nullable Tensor tensor) {
    if (tensor != null) {
      kept.hold(tensor);
    }
  }

  /** Gradient dx of the rows that were needed (M, …) to (N, …), zero elsewhere. */
  private Tensor spread(Tensor dx, PassContext context) {
    Tensor rows = rows(context);
    if (rows == null) {
      return dx;
    }
    Tensor all = dx.newZeros(context.tokens(), dx.size(1));
    Ops.indexCopyInPlace(all, rows, dx);
    return all;
  }

  /** Indices of the rows that are worth going on with; null for all. */
  private @Nullable Tensor rows(PassContext context) {
    return index == spec.layers() - 1 ? context.rows() : null;
  }

  /**
   * dy (M, d) to dx (N, d); adds the gradients of what is trained here.
   *
   * @return dx, or null where {@code inputGradient} says that nothing below needs it
   */
  @Nullable Tensor backward(Tensor dy, LayerTape tape, PassContext context, boolean inputGradient) {
    try (Scope scope = Scope.open()) {
      Tensor dm = backwardMlp(dy, tape, context.into());
      Tensor dqkv = backwardAttention(dm, tape, context);
      Tensor dx = backwardInput(dqkv, dm, tape, context, inputGradient);
      return dx == null ? null : scope.lift(dx);
    }
  }

  private Tensor backwardMlp(Tensor dy, LayerTape tape, GradientBuffer into) {
    try (Scope scope = Scope.open()) {
      FusedLinear.Gradient down = w.down.backward(dy, tape.down(), true);
      Swiglu.Gradient gated = Swiglu.backward(tape.gated(), down.input());
      w.down.accumulate(gated.y(), dy, tape.down(), down, into);
      FusedLinear.Gradient gateUp = w.gateUp.backward(gated.dGated(), tape.gateUp(), true);
      RmsNorm.Gradient normed =
          w.postNorm.backward(gateUp.input(), tape.middle(), tape.middleInverse(), dy, into);
      w.gateUp.accumulate(normed.y(), gated.dGated(), tape.gateUp(), gateUp, into);
      return scope.lift(normed.dx());
    }
  }

  /** dm (M, d) of the stream between the halves to that of the fused projection (N, …). */
  private Tensor backwardAttention(Tensor dm, LayerTape tape, PassContext context) {
    try (Scope scope = Scope.open()) {
      GradientBuffer into = context.into();
      FusedLinear.Gradient output = w.output.backward(dm, tape.output(), true);
      Tensor attended = tape.attended().narrow(1, 0, w.output.in());
      w.output.accumulate(attended, dm, tape.output(), output, into);
      Tensor dAttended = layout.part(spread(output.input(), context), context, tape.heads());
      Attention.Heads gradients = attention.backward(tape.heads(), dAttended, context);
      Tensor dqkv = layout.mergeAndRotate(gradients, context);
      if (w.queryNorm != null && w.keyNorm != null) {
        Tensor heads = layout.queryKey(dqkv);
        QueryKeyNorm.backward(heads, tape.norm(), w.queryNorm, w.keyNorm, into);
      }
      return scope.lift(dqkv);
    }
  }

  private @Nullable Tensor backwardInput(
      Tensor dqkv, Tensor dm, LayerTape tape, PassContext context, boolean inputGradient) {
    boolean needed = inputGradient || w.inputNorm.isTrained();
    FusedLinear.Gradient qkv = w.qkv.backward(dqkv, tape.qkv(), needed);
    if (!needed) {
      Tensor y = w.inputNorm.again(tape.input(), tape.inputInverse());
      w.qkv.accumulate(y, dqkv, tape.qkv(), qkv, context.into());
      return null;
    }
    RmsNorm.Gradient normed =
        w.inputNorm.backward(
            qkv.input(), tape.input(), tape.inputInverse(), spread(dm, context), context.into());
    w.qkv.accumulate(normed.y(), dqkv, tape.qkv(), qkv, context.into());
    return inputGradient ? normed.dx() : null;
  }

  /** One new token x (B, d) of each cache's sequence; the caches take its keys and values. */
  Tensor forwardCached(Tensor x, PassContext context, List<KeyValueCache> caches) {
    try (Scope scope = Scope.open()) {
      Scope kept = Scope.holder();
      try (kept) {
        Tensor qkv = forward(w.qkv, w.inputNorm.forward(x, w.qkv).y());
        normaliseHeads(qkv, context, kept);
        context.rotary().forward(layout.queryKey(qkv));
        Attention.Heads heads = layout.split(qkv, context, kept);
        Tensor attended = x.newEmpty(caches.size(), spec.queryWidth());
        for (int s = 0; s < caches.size(); s++) {
          attendCached(heads, s, caches.get(s), attended.select(0, s));
        }
        Tensor middle = add(forward(w.output, attended), x);
        Tensor gated = forward(w.gateUp, w.postNorm.forward(middle, w.gateUp).y());
        return scope.lift(add(forward(w.down, Swiglu.forward(gated, w.down)), middle));
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
    return linear.forward(linear.prepare(input, 0, null).input());
  }

  /** {@code a + b} into a. */
  private static Tensor add(Tensor a, Tensor b) {
    return Kernels.serve(a, a.size(1)) ? Kernels.addInPlace(a, b) : a.addInPlace(b);
  }

  private QueryKeyNorm.Result normaliseHeads(Tensor qkv, PassContext context, Scope kept) {
    if (w.queryNorm == null || w.keyNorm == null) {
      return QueryKeyNorm.NOTHING;
    }
    Tensor heads = layout.queryKey(qkv);
    Tensor raw = context.empty(heads, heads.shape());
    QueryKeyNorm.Norms norms = new QueryKeyNorm.Norms(w.queryNorm, w.keyNorm);
    return QueryKeyNorm.forward(heads, spec.heads(), raw, norms, kept);
  }
}
