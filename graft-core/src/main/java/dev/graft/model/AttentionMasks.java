package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import java.util.HashMap;
import java.util.Map;

/**
 * Additive causal masks, 0 where a query may look and −∞ where not, for blocks of queries.
 *
 * <p>A query at {@code shift + r} sees the keys up to itself, and with a window w only the last w
 * of them. Every row stands G times, once for each query head of a key/value head. Layers share
 * masks; large ones are made anew each time, since keeping them would make memory quadratic in the
 * length.
 */
final class AttentionMasks {
  private static final long KEEP_BELOW = 1L << 20;

  private record Key(int rows, int keys, int shift, int window) {}

  private final Map<Key, Tensor> kept = new HashMap<>();
  private final Scope holder;
  private final DType dtype;
  private final Device device;
  private final int group;

  AttentionMasks(Scope holder, DType dtype, Device device, int group) {
    this.holder = holder;
    this.dtype = dtype;
    this.device = device;
    this.group = group;
  }

  /** Mask (rows·G, keys) of queries {@code shift … shift + rows − 1} against the first keys. */
  Tensor get(int rows, int keys, int shift, int window) {
    Key key = new Key(rows, keys, shift, window >= keys ? 0 : window);
    Tensor found = kept.get(key);
    if (found != null) {
      return found;
    }
    Tensor made = make(key);
    if (made.elements() <= KEEP_BELOW) {
      holder.hold(made);
      kept.put(key, made);
    }
    return made;
  }

  private Tensor make(Key key) {
    try (Scope scope = Scope.open()) {
      Tensor column = Ops.range(key.keys, device).view(1, key.keys);
      Tensor row = rows(key, 0);
      Tensor mask = Tensor.zeros(dtype, device, row.size(0), key.keys);
      Ops.maskedFillInPlace(mask, Ops.greater(column, row), Double.NEGATIVE_INFINITY);
      if (key.window > 0) {
        Tensor oldest = rows(key, key.window - 1);
        Ops.maskedFillInPlace(mask, Ops.greater(oldest, column), Double.NEGATIVE_INFINITY);
      }
      return scope.lift(mask);
    }
  }

  /** Position of each row's query less {@code back}, (rows·G, 1). */
  private Tensor rows(Key key, int back) {
    long[] rows = new long[key.rows * group];
    for (int r = 0; r < rows.length; r++) {
      rows[r] = (long) key.shift + r / group - back;
    }
    return Tensor.of(rows, rows.length, 1).to(device);
  }
}
