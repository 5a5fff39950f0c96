package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Ops;
import dev.graft.engine.Random;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.engine.Workspace;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Several projections of the same input as one product: {@code y = x·Wᵀ + b}, W the parts' weights
 * one below the other (out, in).
 *
 * <p>With LoRA the matrix is {@code [W | s·B]} (out, in + R) and the input {@code [x | x·Aᵀ]} (N,
 * in + R), so the update costs no product of its own, and base and update are added in the
 * product's float32 accumulator rather than after rounding. Backward, one product {@code dy·[W |
 * s·B]} yields the gradients of x and of {@code x·Aᵀ} together:
 *
 * <pre>
 *   [dx₀ | dxa] = dy·[W | s·B]      dA = dxaᵀ·x      dB = s·dyᵀ·(x·Aᵀ)      dx = dx₀ + dxa·A
 * </pre>
 */
final class FusedLinear {
  /** One projection: its full name (without {@code .weight}) and its number of outputs. */
  record Part(String name, int out) {}

  private final Scope holder;
  private final List<Part> parts;
  private final int in;
  private final int out;
  private final DType dtype;
  private final Device device;
  private @Nullable Tensor matrix;
  private @Nullable PackedLinear packed;
  private final @Nullable Tensor bias;
  private @Nullable LoraColumns lora;
  private @Nullable Tensor master;
  private @Nullable Tensor biasMaster;

  FusedLinear(Scope holder, List<Part> parts, Tensor matrix, @Nullable Tensor bias) {
    this.holder = holder;
    this.parts = List.copyOf(parts);
    this.matrix = holder.hold(matrix);
    this.bias = bias == null ? null : holder.hold(bias);
    this.out = (int) matrix.size(0);
    this.in = (int) matrix.size(1);
    this.dtype = matrix.dtype();
    this.device = matrix.device();
  }

  /** Compute type of the weights. */
  DType dtype() {
    return dtype;
  }

  Device device() {
    return device;
  }

  List<Part> parts() {
    return parts;
  }

  int in() {
    return in;
  }

  int out() {
    return out;
  }

  /** {@code [W | s·B]} in the compute type; where it was packed it is made anew. */
  Tensor matrix() {
    Tensor present = matrix;
    if (present != null) {
      return present;
    }
    if (packed == null) {
      throw new IllegalStateException("no weights");
    }
    try (Scope scope = Scope.open()) {
      present = holder.hold(Tensor.empty(dtype, device, out, width()));
      packed.unpack(present);
    }
    matrix = present;
    return present;
  }

  /**
   * Lays the weights out for the processor's tiles: for many passes over weights that stay as they
   * are, but for the adapter's.
   *
   * @param trains whether there are passes backward
   */
  void pack(boolean trains) {
    if (packed == null) {
      Tensor down = lora == null ? null : lora.down();
      packed = new PackedLinear(holder, matrix(), in, down, trains);
      forgetMatrix();
    }
  }

  boolean isPacked() {
    return packed != null;
  }

  /** What can be made anew and would no longer be right. */
  private void forgetMatrix() {
    Tensor present = matrix;
    if (present != null) {
      matrix = null;
      present.free();
    }
  }

  /** (out), or null. */
  @Nullable Tensor bias() {
    return bias;
  }

  @Nullable LoraColumns lora() {
    return lora;
  }

  boolean isTrained() {
    LoraColumns columns = lora;
    return master != null || (columns != null && columns.isTrained());
  }

  /** Attaches updates to those parts that {@code targets} name. */
  void attach(List<LoraTarget> targets, double dropout) {
    if (lora != null || packed != null) {
      throw new IllegalStateException("an adapter is attached already");
    }
    LoraColumns columns = new LoraColumns(this, targets, dropout, holder);
    if (columns.blocks().isEmpty()) {
      return;
    }
    Tensor narrow = matrix();
    try (Scope s = Scope.open()) {
      Tensor wider = narrow.newZeros(out, in + columns.columns());
      wider.narrow(1, 0, in).copyFrom(narrow);
      narrow.free();
      matrix = holder.hold(wider);
    }
    lora = columns;
  }

  /** The base weight of the whole fused matrix (out, in). */
  Tensor weight() {
    return matrix().narrow(1, 0, in);
  }

  /** Sets the updates of those parts that {@code target} names: a (r, in), b (out, r). */
  void setUpdate(LoraTarget target, Tensor a, Tensor b) {
    LoraColumns columns = lora;
    if (columns != null) {
      change(
          columns,
          up ->
              columns.blocks().stream()
                  .filter(block -> block.target().equals(target))
                  .forEach(block -> columns.set(block, up, a, b)));
    }
  }

  /** Changes A and {@code s·B} (out, R). */
  private void change(LoraColumns columns, Consumer<Tensor> change) {
    PackedLinear tiles = packed;
    if (tiles != null) {
      change.accept(tiles.up());
      tiles.takeAdapter(columns.down());
      forgetMatrix();
      return;
    }
    try (Scope scope = Scope.open()) {
      change.accept(matrix().narrow(1, in, columns()));
    }
  }

  // ---- training of all weights

  void declareWeights(Parameters.Builder builder) {
    for (Part part : parts) {
      builder.matrix(part.name() + ".weight", part.out(), in);
    }
  }

  void declareBiases(Parameters.Builder builder) {
    if (bias != null) {
      for (Part part : parts) {
        builder.vector(part.name() + ".bias", part.out());
      }
    }
  }

  void bindWeights(Parameters parameters) {
    String first = parts.getFirst().name();
    Tensor values = parameters.heldValues(first + ".weight", out, in);
    Tensor present = matrix();
    values.copyFrom(present);
    master = values;
    if (bias != null) {
      biasMaster = parameters.heldValues(first + ".bias", out).copyFrom(bias);
    }
    if (dtype == DType.F32) {
      present.free(); // the master serves as its own compute copy
      matrix = values;
    }
  }

  /** Takes the masters' values over into the compute copies, after an optimizer step. */
  void refresh() {
    LoraColumns columns = lora;
    if (columns != null && columns.isTrained()) {
      change(columns, columns::refresh);
    }
    Tensor values = master;
    if (values != null && values != matrix) {
      matrix().copyFrom(values);
    }
    if (bias != null && biasMaster != null) {
      bias.copyFrom(biasMaster);
    }
  }

  // ---- passes

  /** x (N, in) to y (N, out); {@code seed} is that of the adapter's dropout, 0 for none. */
  Tensor forward(Tensor x, long seed) {
    try (Scope scope = Scope.open()) {
      return scope.lift(forward(prepare(x, seed, null).input()));
    }
  }

  /** As {@link #forward(Tensor, long)}, from an input that {@link #prepare} made. */
  Tensor forward(Tensor input) {
    return packed == null
        ? Ops.linear(input, matrix(), bias)
        : forwardInto(input, input.newEmpty(input.size(0), out));
  }

  /** As {@link #forward(Tensor)}, into memory (N, out) that the pass keeps, if it keeps any. */
  Tensor forward(Tensor input, @Nullable Workspace workspace) {
    return forwardInto(
        input, workspace == null ? null : workspace.empty(input, input.size(0), out));
  }

  /** As {@link #forward(Tensor)}, into {@code into} (N, out); null for new memory. */
  Tensor forwardInto(Tensor input, @Nullable Tensor into) {
    if (into == null) {
      return forward(input);
    }
    PackedLinear tiles = packed;
    if (tiles == null) {
      return Ops.linearInto(into, input, matrix(), bias);
    }
    Tensor y = tiles.forward(input, into);
    return bias == null ? y : y.addInPlace(bias);
  }

  /** Columns of the adapter, R; 0 without one. */
  int columns() {
    return lora == null ? 0 : lora.columns();
  }

  /** Whether the adapter has dropout. */
  boolean drops() {
    return lora != null && lora.dropout() > 0;
  }

  /** Width of what {@link #room} gives. */
  long width() {
    return (long) in + columns();
  }

  /** An input (N, in + R) in the type and on the device of {@code like}, to be filled. */
  Tensor room(long rows, Tensor like) {
    return like.newEmpty(rows, width());
  }

  /**
   * An input of the product, and what backward needs beside x.
   *
   * @param input (N, in), or (N, in + R) where an adapter's {@code x·Aᵀ} stands behind x
   */
  record Prepared(Tensor input, LinearTape tape) {}

  /**
   * Puts {@code x·Aᵀ} behind x where there is an adapter.
   *
   * @param x (N, in), or what {@link #room} gave (N, in + R) with x in its first columns
   * @param workspace for what backward needs; null where there is none
   */
  Prepared prepare(Tensor x, long seed, @Nullable Workspace workspace) {
    LoraColumns columns = lora;
    if (columns == null) {
      return new Prepared(x, LinearTape.NOTHING);
    }
    try (Scope scope = Scope.open()) {
      Tensor input = x;
      Tensor dropped = x.narrow(1, 0, in);
      if (x.size(1) == in) {
        input = scope.lift(room(x.size(0), x));
        input.narrow(1, 0, in).copyFrom(x);
      }
      Tensor mask = null;
      if (columns.dropout() > 0 && seed != 0) {
        mask = scope.lift(Workspace.emptyIn(workspace, x, x.size(0), in));
        Random.bernoulliInPlace(mask, 1 - columns.dropout(), seed);
        dropped = drop(dropped, mask, columns);
      }
      Tensor xa = scope.lift(project(columns, dropped, workspace));
      input.narrow(1, in, columns.columns()).copyFrom(xa);
      return new Prepared(input, new LinearTape(xa, mask));
    }
  }

  private Tensor project(LoraColumns columns, Tensor x, @Nullable Workspace workspace) {
    PackedLinear tiles = packed;
    if (tiles == null) {
      return columns.project(x, workspace);
    }
    return tiles.project(x, Workspace.emptyIn(workspace, x, x.size(0), columns()));
  }

  private static Tensor drop(Tensor x, Tensor mask, LoraColumns columns) {
    return x.times(mask).mulInPlace(1 / (1 - columns.dropout()));
  }

  /**
   * Gradients of an input.
   *
   * @param dx (N, in); null where it was not asked for
   * @param dxa (N, R) of the adapter's {@code x·Aᵀ}; null without one
   */
  record Gradient(@Nullable Tensor dx, @Nullable Tensor dxa) {
    /** dx where it was asked for. */
    Tensor input() {
      if (dx == null) {
        throw new IllegalStateException("a gradient is missing");
      }
      return dx;
    }
  }

  /**
   * dy (N, out) to the gradient of the input, the first half of the backward pass.
   *
   * @param inputGradient whether anything below needs dx
   */
  Gradient backward(Tensor dy, LinearTape tape, boolean inputGradient) {
    PackedLinear tiles = packed;
    if (tiles != null) {
      return backward(tiles, dy, tape.mask(), inputGradient);
    }
    LoraColumns columns = lora;
    if (columns == null) {
      return new Gradient(inputGradient ? Ops.mm(dy, matrix()) : null, null);
    }
    int r = columns.columns();
    if (!inputGradient) {
      return new Gradient(null, Ops.mm(dy, matrix().narrow(1, in, r)));
    }
    Tensor both = Ops.mm(dy, matrix()); // (N, in + R)
    Tensor dxa = both.narrow(1, in, r);
    Tensor dx0 = both.narrow(1, 0, in);
    Tensor mask = tape.mask();
    if (mask == null) {
      return new Gradient(Ops.addmm(dx0, dxa, columns.down()), dxa);
    }
    Tensor through = undrop(Ops.mm(dxa, columns.down()), mask, columns);
    return new Gradient(through.addInPlace(dx0), dxa);
  }

  private Gradient backward(
      PackedLinear tiles, Tensor dy, @Nullable Tensor mask, boolean inputGradient) {
    LoraColumns columns = lora;
    if (columns == null) {
      return new Gradient(inputGradient ? tiles.backward(dy) : null, null);
    }
    Tensor dxa = tiles.descend(dy);
    if (!inputGradient) {
      return new Gradient(null, dxa);
    }
    if (mask == null) {
      return new Gradient(tiles.backward(dy, dxa), dxa);
    }
    Tensor through = undrop(tiles.rise(dxa), mask, columns);
    return new Gradient(through.addInPlace(tiles.backward(dy)), dxa);
  }

  private static Tensor undrop(Tensor gradient, Tensor mask, LoraColumns columns) {
    return gradient.mulInPlace(mask).mulInPlace(1 / (1 - columns.dropout()));
  }

  /**
   * Adds the gradients of what is trained here, the second half.
   *
   * @param x (N, in), the input
   * @param dy (N, out)
   * @param gradient what the first half gave
   */
  void accumulate(Tensor x, Tensor dy, LinearTape tape, Gradient gradient, GradientBuffer into) {
    try (Scope scope = Scope.open()) {
      accumulateWeights(x, dy, into);
      LoraColumns columns = lora;
      Tensor xa = tape.xa();
      Tensor dxa = gradient.dxa();
      if (columns != null && xa != null && dxa != null) {
        Tensor mask = tape.mask();
        Tensor dropped = mask == null ? x : drop(x, mask, columns);
        columns.accumulate(dropped, dxa, xa, dy, into);
      }
    }
  }

  private void accumulateWeights(Tensor x, Tensor dy, GradientBuffer into) {
    if (master == null) {
      return;
    }
    String first = parts.getFirst().name();
    into.add(first + ".weight", Ops.mm(dy.transpose(0, 1), x));
    if (bias != null) {
      into.of(first + ".bias", out).addInPlace(Ops.sum(dy.to(DType.F32), 0, false));
    }
  }
}
