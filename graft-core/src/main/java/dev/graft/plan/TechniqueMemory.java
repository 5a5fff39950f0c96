package dev.graft.plan;

import dev.graft.model.DecoderSpec;
import dev.graft.plan.TrainingMemory.Lane;
import java.util.ArrayList;
import java.util.List;

/** Bytes of a step of any technique, by part: {@link TrainingMemory}, and what differs from it. */
final class TechniqueMemory {
  /**
   * Bits of a NormalFloat weight and of its doubly quantised scale (arXiv 2305.14314, section 3).
   */
  private static final double NF4_BITS = 4 + 0.127;

  /** A parameter's gradient and each of AdamW's moments, float32. */
  private static final int WIDE = 4;

  private TechniqueMemory() {}

  /** Of examples that are all as long as is allowed; no part falls when batch or length grow. */
  static MemoryParts longest(DecoderSpec spec, StepShape shape) {
    long trained = shape.technique().trainable(spec, shape.targets());
    return of(spec, shape, StepLayout.longest(shape, trained));
  }

  /** Of the largest passes of each lane. */
  static MemoryParts of(DecoderSpec spec, StepShape shape, StepLayout layout) {
    return switch (shape.technique().kind()) {
      case PRETRAIN, CONTINUED, FULL, LORA -> step(spec, shape, layout);
      case QLORA -> quantised(spec, shape, layout);
      case PROMPT_TUNING, PREFIX_TUNING -> softPrompt(spec, shape, layout);
      case PROMPTING -> prompting(spec, shape, layout);
    };
  }

  private static MemoryParts step(DecoderSpec spec, StepShape shape, StepLayout layout) {
    TrainingMemory.Trained trained = shape.technique().trained(spec, shape.targets());
    List<Lane> lanes = new ArrayList<>();
    for (int lane = 0; lane < layout.lanes(); lane++) {
      lanes.add(largest(spec, trained, shape, layout.passes(lane)));
    }
    return MemoryParts.of(
        TrainingMemory.of(
            spec,
            trained,
            new TrainingMemory.Setting(shape.dtype(), lanes, shape.checkpointing())));
  }

  /** Its memory is kept for the passes behind it. */
  private static Lane largest(
      DecoderSpec spec, TrainingMemory.Trained trained, StepShape shape, List<Lane> passes) {
    Lane largest = passes.getFirst();
    long most = -1;
    for (Lane pass : passes.stream().distinct().toList()) {
      TrainingMemory.Setting alone =
          new TrainingMemory.Setting(shape.dtype(), List.of(pass), shape.checkpointing());
      long total = passes.size() == 1 ? 0 : TrainingMemory.of(spec, trained, alone).total();
      if (total > most) {
        most = total;
        largest = pass;
      }
    }
    return largest;
  }

  /** A matrix is widened to the compute type when it is used, one at a time. */
  private static MemoryParts quantised(DecoderSpec spec, StepShape shape, StepLayout layout) {
    MemoryParts wide = step(spec, shape, layout);
    long matrices = ModelShapes.layerMatrices(spec);
    long size = shape.dtype().bytes();
    long largest =
        ModelShapes.linears(spec).stream().mapToLong(ModelShapes.Linear::matrix).max().orElse(0);
    return new MemoryParts(
        wide.weights() - matrices * size + (long) Math.ceil(matrices * NF4_BITS / 8),
        wide.gradients(),
        wide.optimizer(),
        wide.activations(),
        wide.logits(),
        wide.workspace() + largest * size);
  }

  /** As an adapter that has no columns, with the prompt's own numbers beside. */
  private static MemoryParts softPrompt(DecoderSpec spec, StepShape shape, StepLayout layout) {
    MemoryParts base = step(spec, shape, layout);
    long trained = shape.technique().trainable(spec, shape.targets());
    return new MemoryParts(
        base.weights() + trained * (WIDE + shape.dtype().bytes()),
        base.gradients() + trained * WIDE * layout.lanes(),
        base.optimizer() + trained * 2 * WIDE,
        base.activations(),
        base.logits(),
        base.workspace());
  }

  /** Weights, the cache of keys and values, the logits of one token, and one layer's values. */
  private static MemoryParts prompting(DecoderSpec spec, StepShape shape, StepLayout layout) {
    long size = shape.dtype().bytes();
    long tokens = 0;
    long sequences = 0;
    for (Lane largest : layout.largest()) {
      tokens += largest.tokens();
      sequences += largest.starts().length - 1;
    }
    return new MemoryParts(
        spec.parameterCount() * size,
        0,
        0,
        2L * spec.layers() * spec.keyWidth() * tokens * size,
        sequences * spec.vocabulary() * size,
        tokens * (2L * spec.hidden() + 3L * spec.intermediate()) * size);
  }
}
