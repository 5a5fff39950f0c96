package dev.graft.model;

import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import org.jspecify.annotations.Nullable;

/** The RMSNorm of each query and key head that Qwen 3 applies before the rotation. */
final class QueryKeyNorm {
  /** What the backward pass needs; all null where the family has no such norm. */
  record Result(@Nullable Tensor raw, @Nullable Tensor queryInverse, @Nullable Tensor keyInverse) {}

  /** The norm of each query head and that of each key head. */
  record Norms(RmsNorm query, RmsNorm key) {}

  static final Result NOTHING = new Result(null, null, null);

  private QueryKeyNorm() {}

  /**
   * Normalises x (N, H + K, D), H = {@code queries}, in place; the results are held by {@code
   * kept}, among them {@code raw}, which takes x as it was.
   */
  static Result forward(Tensor x, int queries, Tensor raw, Norms norms, Scope kept) {
    try (Scope scope = Scope.open()) {
      kept.hold(raw).copyFrom(x);
      long keys = x.size(1) - queries;
      RmsNorm.Result q = norms.query.forward(raw.narrow(1, 0, queries));
      RmsNorm.Result k = norms.key.forward(raw.narrow(1, queries, keys));
      x.narrow(1, 0, queries).copyFrom(q.y());
      x.narrow(1, queries, keys).copyFrom(k.y());
      return new Result(raw, kept.hold(q.inverse()), kept.hold(k.inverse()));
    }
  }

  /** Turns the gradient dx (N, H + K, D) behind the norm into that before it, in place. */
  static void backward(Tensor dx, Result result, RmsNorm query, RmsNorm key, GradientBuffer into) {
    Tensor raw = result.raw();
    Tensor queryInverse = result.queryInverse();
    Tensor keyInverse = result.keyInverse();
    if (raw == null || queryInverse == null || keyInverse == null) {
      throw new IllegalStateException("the forward pass kept nothing");
    }
    try (Scope scope = Scope.open()) {
      long queries = queryInverse.size(1);
      long keys = keyInverse.size(1);
      Tensor dq = dx.narrow(1, 0, queries);
      Tensor dk = dx.narrow(1, queries, keys);
      dq.copyFrom(query.backward(dq, raw.narrow(1, 0, queries), queryInverse, into));
      dk.copyFrom(key.backward(dk, raw.narrow(1, queries, keys), keyInverse, into));
    }
  }
}
