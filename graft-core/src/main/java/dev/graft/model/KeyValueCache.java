package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Keys and values of the tokens that a generation has passed, for every layer. */
public final class KeyValueCache implements AutoCloseable {
  private final Scope scope = Scope.holder();
  private final List<Tensor> keys = new ArrayList<>();
  private final List<Tensor> values = new ArrayList<>();
  private final int capacity;
  private int length;

  KeyValueCache(DecoderSpec spec, int capacity, DType dtype, Device device) {
    this.capacity = capacity;
    try (Scope s = Scope.open()) {
      for (int layer = 0; layer < spec.layers(); layer++) {
        long[] shape = {spec.kvHeads(), capacity, spec.headDim()};
        keys.add(scope.hold(Tensor.empty(dtype, device, shape)));
        values.add(scope.hold(Tensor.empty(dtype, device, shape)));
      }
    }
  }

  /** Number of tokens it holds. */
  public int length() {
    return length;
  }

  /** Most tokens it can hold. */
  public int capacity() {
    return capacity;
  }

  /** Stores the new tokens' keys and values and returns the queries with all of them. */
  Attention.Heads append(int layer, Attention.Heads fresh) {
    int count = (int) fresh.k().size(1);
    Tensor k = keys.get(layer);
    Tensor v = values.get(layer);
    k.narrow(1, length, count).copyFrom(fresh.k());
    v.narrow(1, length, count).copyFrom(fresh.v());
    return new Attention.Heads(
        fresh.q(), k.narrow(1, 0, length + count), v.narrow(1, 0, length + count));
  }

  /** Counts tokens that every layer has stored. */
  void advance(int count) {
    length += count;
  }

  @Override
  public void close() {
    scope.close();
  }
}
