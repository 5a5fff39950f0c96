package dev.graft.model;

import dev.graft.engine.Random;

/**
 * What all layers share in one pass over a micro-batch.
 *
 * @param seed of the adapters' dropout; 0 for none (evaluation)
 */
record PassContext(int[] starts, Rotary rotary, AttentionMasks masks, long seed) {
  /** Seed of one linear's dropout. */
  long seedFor(int layer, int linear) {
    return seed == 0 ? 0 : Random.seed(seed, layer, linear);
  }
}
