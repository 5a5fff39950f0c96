package dev.graft.engine;

import org.jspecify.annotations.Nullable;

/**
 * Memory for the tensors that a pass keeps for its backward half, one behind the other in a block
 * that later passes use again.
 *
 * <p>Left to the C library's allocator, passes of ever different sizes leave holes of ever
 * different sizes, between which lie the small objects that outlive a pass: half as much memory
 * again (docs/log.md has the numbers). Here the peak is what the shapes say.
 */
public final class Workspace implements AutoCloseable {
  /** Tensors begin at multiples of this many elements: a cache line of bfloat16. */
  private static final long ALIGNMENT = 32;

  private final Scope scope = Scope.holder();
  private @Nullable Tensor block;
  private long used;

  /** An empty one, which grows when it is first used. */
  public Workspace() {}

  /** Elements that a tensor takes here. */
  public static long aligned(long elements) {
    return Math.ceilDiv(elements, ALIGNMENT) * ALIGNMENT;
  }

  /** Makes room for this many elements, and takes back all that was given. */
  public void reset(DType dtype, Device device, long elements) {
    used = 0;
    Tensor present = block;
    if (present != null && present.elements() >= elements && present.dtype() == dtype) {
      return;
    }
    block = null;
    if (present != null) {
      present.free();
    }
    try (Scope s = Scope.open()) {
      block = scope.hold(Tensor.empty(dtype, device, elements));
    }
  }

  /** A tensor of undefined elements, from here if it fits, in the innermost open scope. */
  public Tensor empty(Tensor like, long... shape) {
    long elements = 1;
    for (long size : shape) {
      elements *= size;
    }
    Tensor from = block;
    if (from == null || from.dtype() != like.dtype() || used + elements > from.elements()) {
      return like.newEmpty(shape);
    }
    long at = used;
    used += aligned(elements);
    try (Scope s = Scope.open()) {
      return s.lift(from.narrow(0, at, elements).view(shape));
    }
  }

  /** As the other method, from {@code workspace} if there is one. */
  public static Tensor emptyIn(@Nullable Workspace workspace, Tensor like, long... shape) {
    return workspace == null ? like.newEmpty(shape) : workspace.empty(like, shape);
  }

  /** Where the next tensor will begin, for {@link #release}. */
  public long mark() {
    return used;
  }

  /** Takes back what was given since the mark. */
  public void release(long mark) {
    used = Math.min(used, mark);
  }

  @Override
  public void close() {
    scope.close();
    block = null;
  }
}
