package dev.graft.model;

/**
 * A module that gets a low-rank update.
 *
 * @param module full name of the module, such as {@code model.layers.0.self_attn.q_proj}
 * @param rank inner size r of the update
 * @param scaling factor of B·A: alpha/r, or alpha/√r for rank-stabilised LoRA
 */
public record LoraTarget(String module, int rank, double scaling) {
  /** Name of A (r, in) in PEFT's adapter files. */
  public String nameOfA() {
    return "base_model.model." + module + ".lora_A.weight";
  }

  /** Name of B (out, r) in PEFT's adapter files. */
  public String nameOfB() {
    return "base_model.model." + module + ".lora_B.weight";
  }
}
