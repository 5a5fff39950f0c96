package dev.graft.model;

import dev.graft.engine.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What the backward pass of a {@link FusedLinear} needs beside its input.
 *
 * @param xa (N, R) the adapter's {@code x·Aᵀ}; null without one
 * @param mask (N, in) of the adapter's dropout, BOOL as in the input's type 1 or 0; null without
 */
record LinearTape(@Nullable Tensor xa, @Nullable Tensor mask) {
  static final LinearTape NOTHING = new LinearTape(null, null);
}
