package dev.graft.plan;

import java.util.ArrayList;
import java.util.List;

/** How the memory of a step comes about, in words. */
final class Formulas {
  private Formulas() {}

  /** A line for each part. */
  static List<String> memory(StepShape shape) {
    Technique.Kind kind = shape.technique().kind();
    String type = Explanation.name(shape.dtype()) + " (" + shape.dtype().bytes() + " bytes)";
    if (kind == Technique.Kind.PROMPTING) {
      return List.of(
          "weights: parameters in " + type,
          "activations: keys and values, 2 · layers · K·D · tokens in " + type,
          "logits: one token of each example");
    }
    List<String> lines = new ArrayList<>();
    String quantised =
        kind == Technique.Kind.QLORA
            ? ", matrices of the layers in NF4, 4.127 bits (arXiv 2305.14314)"
            : "";
    lines.add(
        "weights: parameters in " + type + quantised + ", and float32 masters of what is trained");
    lines.add("gradients: 4 bytes · trainable · passes side by side");
    lines.add("optimizer: AdamW's two moments, 8 bytes · trainable");
    lines.add(
        shape.checkpointing()
            ? "activations: tokens of the passes · (layers · d + what one layer keeps) in " + type
            : "activations: tokens of the passes · layers · (output d; kept q, k, v, attended,"
                + " middle d, gate and up 2·I, adapter's x·Aᵀ) in "
                + type);
    lines.add(
        "logits: at most max(16, 2²²/V) learnt tokens at a time · V, hidden states and gradients");
    lines.add("workspace: what one layer's or the optimizer's operations hold at the worst moment");
    return lines;
  }
}
