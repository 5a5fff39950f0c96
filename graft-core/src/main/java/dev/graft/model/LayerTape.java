package dev.graft.model;

import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link DecoderLayer}'s backward pass needs from its forward pass. Closing frees it.
 *
 * @param input (N, d) residual stream before the layer
 * @param inputInverse (N, 1) 1/rms of it
 * @param qkv input of the fused query, key and value projection
 * @param rawQueryKey (N, H + K, D) before the per-head norm; null without one
 * @param queryInverse (N, H, 1) 1/rms of the queries; null without the norm
 * @param keyInverse (N, K, 1) likewise of the keys
 * @param heads rotated queries and keys, and values
 * @param attended (K, N, G, D) output of the attention
 * @param output input of the output projection
 * @param middle (N, d) residual stream between the two halves
 * @param middleInverse (N, 1) 1/rms of it
 * @param gateUp input of the fused gate and up projection
 * @param gated (N, 2·I) gate and up
 * @param down input of the down projection
 */
record LayerTape(
    Scope scope,
    Tensor input,
    Tensor inputInverse,
    LinearTape qkv,
    @Nullable Tensor rawQueryKey,
    @Nullable Tensor queryInverse,
    @Nullable Tensor keyInverse,
    Attention.Heads heads,
    Tensor attended,
    LinearTape output,
    Tensor middle,
    Tensor middleInverse,
    LinearTape gateUp,
    Tensor gated,
    LinearTape down)
    implements AutoCloseable {
  @Override
  public void close() {
    scope.close();
  }
}
