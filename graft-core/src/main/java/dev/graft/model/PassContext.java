package dev.graft.model;

import dev.graft.engine.Random;
import dev.graft.engine.Segments;
import dev.graft.engine.Tensor;
import dev.graft.engine.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * What all layers share in one pass over a micro-batch.
 *
 * @param rows indices of the rows whose last hidden states are wanted; null for all
 * @param seed of the adapters' dropout; 0 for none (evaluation)
 * @param gradients where a backward pass adds its gradients; null for a pass without one
 */
record PassContext(
    Segments segments,
    Rotary rotary,
    AttentionMasks masks,
    @Nullable Tensor rows,
    long seed,
    @Nullable GradientBuffer gradients) {
  /** Number of tokens, N. */
  int tokens() {
    return segments.tokens();
  }

  /** Where the backward pass adds its gradients. */
  GradientBuffer into() {
    if (gradients == null) {
      throw new IllegalStateException("a pass without gradients");
    }
    return gradients;
  }

  /** Memory for what the pass keeps; null where it keeps nothing. */
  @Nullable Workspace workspace() {
    return gradients == null ? null : gradients.workspace();
  }

  /** A tensor for the pass to keep, in the type and on the device of {@code like}. */
  Tensor empty(Tensor like, long... shape) {
    return Workspace.emptyIn(workspace(), like, shape);
  }

  /** Seed of one linear's dropout. */
  long seedFor(int layer, int linear) {
    return seed == 0 ? 0 : Random.seed(seed, layer, linear);
  }
}
