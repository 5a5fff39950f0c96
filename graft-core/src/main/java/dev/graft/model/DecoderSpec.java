package dev.graft.model;

/**
 * What a decoder is made of, in plain values.
 *
 * @param family the {@code model_type} it was read from
 * @param vocabulary number of token ids, V
 * @param hidden width of the residual stream, d
 * @param intermediate width of the gated feed-forward part, I
 * @param layers number of decoder layers
 * @param heads number of query heads, H
 * @param kvHeads number of key/value heads, K; divides H
 * @param headDim size of one head, D
 * @param normEpsilon added to the mean square in RMSNorm
 * @param rope rotary position embedding
 * @param tiedEmbeddings whether the output head is the input embedding
 * @param bias which projections have one
 * @param queryKeyNorm whether queries and keys pass an RMSNorm per head (Qwen 3)
 * @param windows for each layer the number of keys a query sees, itself included; 0 for all before
 * @param maxPositions context length the model was made for
 */
public record DecoderSpec(
    String family,
    int vocabulary,
    int hidden,
    int intermediate,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    double normEpsilon,
    RopeSpec rope,
    boolean tiedEmbeddings,
    Bias bias,
    boolean queryKeyNorm,
    int[] windows,
    int maxPositions) {

  /**
   * Which projections have a bias.
   *
   * @param queryKeyValue q_proj, k_proj and v_proj
   * @param output o_proj
   * @param mlp gate_proj, up_proj and down_proj
   */
  public record Bias(boolean queryKeyValue, boolean output, boolean mlp) {
    /** No projection has one. */
    public static final Bias NONE = new Bias(false, false, false);
  }

  /** Width of all query heads together. */
  public int queryWidth() {
    return heads * headDim;
  }

  /** Width of all key (or value) heads together. */
  public int keyWidth() {
    return kvHeads * headDim;
  }

  /** Number of weights of the model, a tied head counted once. */
  public long parameterCount() {
    long d = hidden;
    long attention = 0;
    if (bias.queryKeyValue()) {
      attention += queryWidth() + 2L * keyWidth();
    }
    attention += bias.output() ? d : 0;
    attention += queryKeyNorm ? 2L * headDim : 0;
    long mlp = bias.mlp() ? 2L * intermediate + d : 0;
    long embeddings = d * vocabulary * (tiedEmbeddings ? 1 : 2);
    return layers * (layerMatrices() + attention + mlp + 2 * d) + d + embeddings;
  }

  /** Elements of the matrices of one layer. */
  public long layerMatrices() {
    return (long) hidden * (2L * queryWidth() + 2L * keyWidth() + 3L * intermediate);
  }

  /** The same with another rotary embedding. */
  DecoderSpec withRope(RopeSpec other) {
    return new DecoderSpec(
        family,
        vocabulary,
        hidden,
        intermediate,
        layers,
        heads,
        kvHeads,
        headDim,
        normEpsilon,
        other,
        tiedEmbeddings,
        bias,
        queryKeyNorm,
        windows,
        maxPositions);
  }
}
