package dev.graft.model;

import dev.graft.engine.PackedMatrix;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The matrices of a {@link FusedLinear} laid out for the processor's tiles: {@code [W | s·B]ᵀ} for
 * the products forward, W for those backward, and the adapter's A and {@code s·B} both ways.
 */
final class PackedLinear {
  private final int in;
  private final PackedMatrix forward;
  private final @Nullable PackedMatrix backward;
  private final @Nullable Adapter adapter;

  /**
   * The adapter's matrices.
   *
   * @param up {@code s·B} (out, R) as it is changed
   * @param project {@code Aᵀ} (in, R)
   * @param rise A (R, in)
   * @param descend {@code s·B} (out, R)
   */
  private record Adapter(
      Tensor up, PackedMatrix project, PackedMatrix rise, PackedMatrix descend) {}

  /**
   * Packs a matrix.
   *
   * @param matrix (out, in + R)
   * @param down A (R, in); null without an adapter
   * @param trains whether there are passes backward
   */
  PackedLinear(Scope holder, Tensor matrix, int in, @Nullable Tensor down, boolean trains) {
    long out = matrix.size(0);
    long width = matrix.size(1);
    this.in = in;
    try (Scope scope = Scope.open()) {
      this.forward = made(holder, matrix, width, out).putTransposed(matrix, 0);
      this.backward = trains ? made(holder, matrix, out, in).put(matrix.narrow(1, 0, in)) : null;
      this.adapter = down == null ? null : adapter(holder, matrix, in, down);
    }
  }

  private static PackedMatrix made(Scope holder, Tensor like, long rows, long columns) {
    return new PackedMatrix(holder.hold(like.newEmpty(rows * columns)), rows, columns);
  }

  /** All of it in one piece of memory. */
  private static Adapter adapter(Scope holder, Tensor matrix, int in, Tensor down) {
    long out = matrix.size(0);
    long columns = down.size(0);
    long up = out * columns;
    long low = in * columns;
    Tensor memory = holder.hold(matrix.newEmpty(2 * (up + low)));
    return new Adapter(
        holder
            .hold(memory.narrow(0, 0, up).view(out, columns))
            .copyFrom(matrix.narrow(1, in, columns)),
        new PackedMatrix(memory.narrow(0, 2 * up, low), in, columns).putTransposed(down, 0),
        new PackedMatrix(memory.narrow(0, 2 * up + low, low), columns, in).put(down),
        new PackedMatrix(memory.narrow(0, up, up), out, columns)
            .put(matrix.narrow(1, in, columns)));
  }

  private Adapter present() {
    if (adapter == null) {
      throw new IllegalStateException("there is no adapter");
    }
    return adapter;
  }

  private PackedMatrix back() {
    if (backward == null) {
      throw new IllegalStateException("not packed for passes backward");
    }
    return backward;
  }

  /** {@code s·B} (out, R), whose changes {@link #takeAdapter} takes over. */
  Tensor up() {
    return present().up;
  }

  /** Takes over the present values of {@code s·B} and of A (R, in). */
  void takeAdapter(Tensor down) {
    Adapter own = present();
    forward.putTransposed(own.up, in);
    own.descend.put(own.up);
    own.project.putTransposed(down, 0);
    own.rise.put(down);
  }

  /** Puts {@code [W | s·B]} into {@code matrix} (out, in + R). */
  void unpack(Tensor matrix) {
    forward.takeTransposed(matrix);
  }

  /** {@code [x | x·Aᵀ]} (N, in + R) to y, into {@code into} (N, out). */
  Tensor forward(Tensor input, Tensor into) {
    return forward.multiplyInto(into, input);
  }

  /** {@code x·Aᵀ} of x (N, in), into {@code into} (N, R). */
  Tensor project(Tensor x, Tensor into) {
    return present().project.multiplyInto(into, x);
  }

  /** {@code dy·W} of dy (N, out). */
  Tensor backward(Tensor dy) {
    return back().multiply(dy);
  }

  /** {@code dy·W + dxa·A}. */
  Tensor backward(Tensor dy, Tensor dxa) {
    return back().multiply(dy, dxa, present().rise);
  }

  /** The gradient {@code dy·(s·B)} (N, R) of {@code x·Aᵀ}. */
  Tensor descend(Tensor dy) {
    return present().descend.multiply(dy);
  }

  /** {@code dxa·A} (N, in). */
  Tensor rise(Tensor dxa) {
    return present().rise.multiply(dxa);
  }
}
