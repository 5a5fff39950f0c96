package dev.graft.model;

import dev.graft.engine.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What the backward pass of a {@link FusedLinear} needs.
 *
 * @param input (N, in), or (N, in + R) where an adapter's {@code x·Aᵀ} stands behind x
 * @param mask (N, in) of the adapter's dropout, BOOL as in the input's type 1 or 0; null without
 */
record LinearTape(Tensor input, @Nullable Tensor mask) {}
