package dev.graft.plan;

import dev.graft.model.DecoderSpec;
import java.util.ArrayList;
import java.util.List;

/** Bytes of a step of any technique, by part. */
final class StepMemory {
  /**
   * Bits of a NormalFloat weight and of its doubly quantised scale (arXiv 2305.14314, section 3).
   */
  private static final double NF4_BITS = 4 + 0.127;

  /** A parameter's gradient and AdamW's two moments, each float32. */
  private static final int WIDE = 4;

  private StepMemory() {}

  /** Bytes by part; no part falls when batch or length grow. */
  static MemoryParts of(DecoderSpec spec, StepShape shape) {
    return switch (shape.technique().kind()) {
      case PRETRAIN, CONTINUED, FULL, LORA -> step(spec, shape);
      case QLORA -> quantised(spec, shape);
      case PROMPT_TUNING, PREFIX_TUNING -> softPrompt(spec, shape);
      case PROMPTING -> prompting(spec, shape);
    };
  }

  private static MemoryParts quantised(DecoderSpec spec, StepShape shape) {
    MemoryParts wide = step(spec, shape);
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
  private static MemoryParts softPrompt(DecoderSpec spec, StepShape shape) {
    MemoryParts base = step(spec, shape.withTechnique(new Technique(Technique.Kind.LORA, 0)));
    long trained = shape.technique().trainable(spec, shape.targets());
    return new MemoryParts(
        base.weights() + trained * (WIDE + shape.dtype().bytes()),
        base.gradients() + trained * WIDE,
        base.optimizer() + trained * 2 * WIDE,
        base.activations(),
        base.logits(),
        base.workspace());
  }

  /** Weights, the cache of keys and values, the logits of one token, and one layer's values. */
  private static MemoryParts prompting(DecoderSpec spec, StepShape shape) {
    long size = shape.dtype().bytes();
    long tokens = (long) shape.batch() * shape.length();
    return new MemoryParts(
        ModelShapes.of(spec).total() * size,
        0,
        0,
        2L * spec.layers() * spec.keyWidth() * tokens * size,
        (long) shape.batch() * spec.vocabulary() * size,
        tokens * (2L * spec.hidden() + 2L * spec.intermediate()) * size);
  }

  private static MemoryParts step(DecoderSpec spec, StepShape shape) {
    return ShapeEstimate.of(spec, shape);
  }

  /** How the parts come about, a line each. */
  static List<String> formulas(DecoderSpec spec, StepShape shape) {
    List<String> lines = new ArrayList<>();
    Technique.Kind kind = shape.technique().kind();
    String type = Explanation.name(shape.dtype()) + " (" + shape.dtype().bytes() + " bytes)";
    if (kind == Technique.Kind.PROMPTING) {
      return List.of(
          "weights: parameters in " + type,
          "activations: keys and values, 2 · layers · K·D · tokens in " + type,
          "logits: one token of each example");
    }
    lines.add(
        "weights: parameters in "
            + type
            + (kind == Technique.Kind.QLORA
                ? ", matrices of the layers in NF4, 4.127 bits (arXiv 2305.14314)"
                : "")
            + ", and float32 masters of what is trained");
    lines.add("gradients: 4 bytes · trainable · passes side by side");
    lines.add("optimizer: AdamW's two moments, 8 bytes · trainable");
    lines.add(
        "activations: what "
            + shape.batch()
            + " · "
            + shape.positions()
            + " tokens keep for the backward pass"
            + (shape.checkpointing()
                ? ", of one layer, and each layer's input"
                : ", of all layers"));
    lines.add("logits: of some learnt tokens at a time, with their gradient");
    lines.add("workspace: what one layer's or the optimizer's operations hold at the worst moment");
    return lines;
  }
}
