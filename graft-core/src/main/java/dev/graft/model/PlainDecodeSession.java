package dev.graft.model;

import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Steps of libtorch's operations: every type and device. */
final class PlainDecodeSession extends DecodeSession {
  PlainDecodeSession(Decoder model) {
    super(model);
  }

  @Override
  public KeyValueCache newCache(int capacity) {
    return new KeyValueCache(model.spec(), capacity, model.dtype(), model.device());
  }

  @Override
  List<float[]> logits(Tensor hidden) {
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < hidden.size(0); i++) {
      try (Scope scope = Scope.open()) {
        rows.add(model.logitsOf(hidden.narrow(0, i, 1)).toFloats());
      }
    }
    return rows;
  }

  @Override
  void store(KeyValueCache cache, int layer, Tensor keys, Tensor values) {
    cache.append(layer, keys, values);
  }

  @Override
  List<float[]> step(int[] ids, List<KeyValueCache> caches) {
    try (Scope scope = Scope.open()) {
      int[] positions = caches.stream().mapToInt(KeyValueCache::length).toArray();
      PassContext context = model.context(scope, new int[] {0, ids.length}, positions);
      Tensor h = model.embed(ids);
      for (DecoderLayer layer : model.weights().layers()) {
        h = layer.forwardCached(h, context, caches);
      }
      Tensor logits = model.logitsOf(h);
      List<float[]> rows = new ArrayList<>();
      for (int i = 0; i < ids.length; i++) {
        rows.add(logits.select(0, i).toFloats());
      }
      return rows;
    }
  }
}
