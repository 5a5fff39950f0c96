package dev.graft.plan;

/**
 * Bytes of a training step by part.
 *
 * @param weights what the passes use, and the masters that are trained
 * @param gradients of the trained weights
 * @param optimizer AdamW's two moments
 * @param activations what the backward pass needs of the forward pass
 * @param logits of the tokens whose loss is computed at a time, with their gradient
 * @param workspace what lives for the length of an operation or a layer
 */
public record MemoryParts(
    long weights, long gradients, long optimizer, long activations, long logits, long workspace) {
  /** From what is computed of a step's shapes; masters are weights here. */
  static MemoryParts of(TrainingMemory memory) {
    return new MemoryParts(
        memory.weights() + memory.masters(),
        memory.gradients(),
        memory.optimizer(),
        memory.activations(),
        memory.logits(),
        memory.temporary());
  }

  /** All of them. */
  public long total() {
    return weights + gradients + optimizer + activations + logits + workspace;
  }

  /**
   * What one of several devices holds; sums of parts that are divided are rounded up.
   *
   * <p>Source: Rajbhandari et al. 2020, ZeRO, arXiv 1910.02054: stage 1 divides the optimizer's
   * state, stage 2 also the gradients, stage 3 also the weights.
   */
  MemoryParts sharded(Sharding sharding, int devices) {
    int stage = sharding.stage;
    return new MemoryParts(
        stage >= 3 ? share(weights, devices) : weights,
        stage >= 2 ? share(gradients, devices) : gradients,
        stage >= 1 ? share(optimizer, devices) : optimizer,
        activations,
        logits,
        workspace);
  }

  private static long share(long bytes, int devices) {
    return (bytes + devices - 1) / devices;
  }

  /** What devices that work in parallel divide among themselves, in ZeRO's order. */
  public enum Sharding {
    /** Each holds everything. */
    NONE(0),
    /** The optimizer's moments. */
    OPTIMIZER(1),
    /** Also the gradients. */
    GRADIENTS(2),
    /** Also the weights. */
    WEIGHTS(3);

    private final int stage;

    Sharding(int stage) {
      this.stage = stage;
    }
  }
}
