package dev.graft.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The lifetime of tensors. A tensor belongs to exactly one scope and is freed when that scope
 * closes; nothing waits for the garbage collector.
 *
 * <p>{@link #open} makes a scope that catches every tensor its thread creates until it is closed:
 *
 * <pre>{@code
 * try (Scope scope = Scope.open()) {
 *   Tensor y = x.matmul(w);        // freed at the end of the block
 *   return scope.lift(y.plus(b));  // lives on in the scope around this one
 * }
 * }</pre>
 *
 * <p>{@link #holder} makes one that catches nothing by itself and keeps what it is given: a model's
 * weights, an optimizer's state.
 */
public final class Scope implements AutoCloseable {
  private static final ThreadLocal<Deque<Scope>> OPEN = ThreadLocal.withInitial(ArrayDeque::new);

  private final boolean stacked;
  private List<Tensor> tensors = new ArrayList<>();
  private boolean closed;

  private Scope(boolean stacked) {
    this.stacked = stacked;
  }

  /** Opens a scope that catches what this thread creates, until it is closed. */
  public static Scope open() {
    Scope scope = new Scope(true);
    OPEN.get().push(scope);
    return scope;
  }

  /** A scope that only holds what it is given by {@link #hold}. */
  public static Scope holder() {
    return new Scope(false);
  }

  /** The innermost open scope of this thread. */
  static Scope current() {
    Scope scope = OPEN.get().peek();
    if (scope == null) {
      throw new IllegalStateException("a tensor was made outside of any open Scope");
    }
    return scope;
  }

  /** Takes {@code tensor} over from the scope it belongs to. */
  public Tensor hold(Tensor tensor) {
    if (closed) {
      throw new IllegalStateException("the scope is closed");
    }
    tensor.owner = this;
    tensors.add(tensor);
    // Tensors that moved away stay listed until the list is worth a sweep.
    if (tensors.size() >= 1024 && (tensors.size() & (tensors.size() - 1)) == 0) {
      tensors.removeIf(t -> t.owner != this);
    }
    return tensor;
  }

  /** Moves {@code tensor} to the scope around this one and returns it. */
  public Tensor lift(Tensor tensor) {
    Scope outer = null;
    boolean found = false;
    for (Scope scope : OPEN.get()) {
      if (found) {
        outer = scope;
        break;
      }
      found = scope == this;
    }
    if (outer == null) {
      throw new IllegalStateException("there is no scope around this one");
    }
    return tensor.owner == this ? outer.hold(tensor) : tensor;
  }

  /** Number of tensors that would be freed if the scope were closed now. */
  public int size() {
    return (int) tensors.stream().filter(t -> t.owner == this).count();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (stacked) {
      Deque<Scope> open = OPEN.get();
      if (open.peek() != this) {
        throw new IllegalStateException("scopes must be closed in the reverse order of opening");
      }
      open.pop();
    }
    for (Tensor tensor : tensors) {
      if (tensor.owner == this) {
        tensor.free();
      }
    }
    tensors = new ArrayList<>();
  }
}
