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
  private final long[] keyAddresses;
  private final long[] valueAddresses;
  private final int capacity;
  private final int headDim;
  private int length;

  KeyValueCache(DecoderSpec spec, int capacity, DType dtype, Device device) {
    this.capacity = capacity;
    this.headDim = spec.headDim();
    try (Scope s = Scope.open()) {
      for (int layer = 0; layer < spec.layers(); layer++) {
        long[] shape = {spec.kvHeads(), capacity, spec.headDim()};
        keys.add(scope.hold(Tensor.empty(dtype, device, shape)));
        values.add(scope.hold(Tensor.empty(dtype, device, shape)));
      }
    }
    boolean inMemory = device.type() == Device.Type.CPU;
    keyAddresses = inMemory ? addresses(keys) : new long[0];
    valueAddresses = inMemory ? addresses(values) : new long[0];
  }

  private static long[] addresses(List<Tensor> tensors) {
    return tensors.stream().mapToLong(tensor -> tensor.memory().address()).toArray();
  }

  /** Number of tokens it holds. */
  public int length() {
    return length;
  }

  /** Most tokens it can hold. */
  public int capacity() {
    return capacity;
  }

  /** Stores new tokens' keys and values (K, T, D) of a layer behind those that it has. */
  void append(int layer, Tensor k, Tensor v) {
    long count = k.size(1);
    keys.get(layer).narrow(1, length, count).copyFrom(k);
    values.get(layer).narrow(1, length, count).copyFrom(v);
  }

  /** (K, capacity, D), or what a session with a layout of its own makes of that memory. */
  Tensor keys(int layer) {
    return keys.get(layer);
  }

  /** (K, capacity, D). */
  Tensor values(int layer) {
    return values.get(layer);
  }

  /** Where a layer's keys begin in memory. */
  long keyAddress(int layer) {
    return keyAddresses[layer];
  }

  /** Where a layer's values begin in memory. */
  long valueAddress(int layer) {
    return valueAddresses[layer];
  }

  int headDim() {
    return headDim;
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
