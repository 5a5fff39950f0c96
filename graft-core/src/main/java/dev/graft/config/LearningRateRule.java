package dev.graft.config;

import java.util.Locale;

/**
 * The learning rate to start from when none is given.
 *
 * <p>Source: Schulman and Thinking Machines Lab, "LoRA Without Regret" (2025): for LoRA {@code 5e-5
 * · 10 · (2000 / hidden)^p}, nearly independent of the rank, with p = 0.0775 for Qwen models and
 * 0.781 for Llama models; full fine-tuning takes a tenth of it. Models of other families are built
 * like Llama and take its exponent.
 */
public final class LearningRateRule {
  private static final double BASE = 5e-5;
  private static final double LORA_FACTOR = 10;
  private static final double REFERENCE_HIDDEN = 2000;
  private static final double LLAMA_EXPONENT = 0.781;
  private static final double QWEN_EXPONENT = 0.0775;

  private LearningRateRule() {}

  /**
   * Learning rate for a LoRA adapter.
   *
   * @param modelType {@code model_type} of the model's {@code config.json}
   * @param hidden width of the model ({@code hidden_size})
   */
  public static double lora(String modelType, int hidden) {
    return LORA_FACTOR * full(modelType, hidden);
  }

  /** Learning rate for full fine-tuning; see {@link #lora}. */
  public static double full(String modelType, int hidden) {
    if (hidden < 1) {
      throw new IllegalArgumentException("hidden size " + hidden);
    }
    boolean qwen = modelType.toLowerCase(Locale.ROOT).startsWith("qwen");
    return BASE * Math.pow(REFERENCE_HIDDEN / hidden, qwen ? QWEN_EXPONENT : LLAMA_EXPONENT);
  }

  /**
   * Peak learning rate for training a model from nothing: about inverse to its width, as in the
   * table of Brown et al., Language Models are Few-Shot Learners (2020), and no more than 0.002.
   */
  public static double pretrain(int hidden) {
    if (hidden < 1) {
      throw new IllegalArgumentException("hidden size " + hidden);
    }
    return Math.min(2e-3, 0.45 / hidden);
  }
}
