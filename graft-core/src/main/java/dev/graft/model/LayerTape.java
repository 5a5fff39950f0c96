package dev.graft.model;

import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;

/**
 * What a {@link DecoderLayer}'s backward pass needs from its forward pass. Closing frees it.
 *
 * <p>Inputs of projections that the backward pass makes anew on its way, those behind the norms and
 * SwiGLU, are not kept. M rows are all N, or in the last layer those that the loss needs.
 *
 * @param input (N, d) residual stream before the layer
 * @param inputInverse (N, 1) 1/rms of it
 * @param qkv of the fused query, key and value projection
 * @param norm what the per-head norms keep
 * @param heads rotated queries and keys, and values
 * @param attended (M, H·D or more) output of the attention by token
 * @param output of the output projection
 * @param middle (M, d) residual stream between the two halves
 * @param middleInverse (M, 1) 1/rms of it
 * @param gateUp of the fused gate and up projection
 * @param gated (M, 2·I) gate and up
 * @param down of the down projection
 */
record LayerTape(
    Scope scope,
    Tensor input,
    Tensor inputInverse,
    LinearTape qkv,
    QueryKeyNorm.Result norm,
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
