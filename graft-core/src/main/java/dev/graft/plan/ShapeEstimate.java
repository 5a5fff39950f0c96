package dev.graft.plan;

import dev.graft.model.DecoderSpec;

/** Memory of a step from what a layer keeps for its backward pass. */
final class ShapeEstimate {
  private static final long LOGITS = 4L << 20;

  private ShapeEstimate() {}

  static MemoryParts of(DecoderSpec spec, StepShape shape) {
    long size = shape.dtype().bytes();
    long trained = shape.technique().trainable(spec, shape.targets());
    long tokens = (long) shape.batch() * shape.positions();
    long d = spec.hidden();
    long layer =
        tokens * (3 * d + 2L * spec.queryWidth() + 2L * spec.keyWidth() + 2L * spec.intermediate());
    long kept = shape.checkpointing() ? spec.layers() * tokens * d + layer : spec.layers() * layer;
    long rows =
        Math.min(
            (long) Math.ceil(tokens * shape.learntShare()),
            Math.max(16, LOGITS / spec.vocabulary()));
    return new MemoryParts(
        ModelShapes.of(spec).total() * size + 4 * trained,
        4 * trained,
        8 * trained,
        kept * size,
        2 * rows * spec.vocabulary() * size,
        2 * layer * size);
  }
}
