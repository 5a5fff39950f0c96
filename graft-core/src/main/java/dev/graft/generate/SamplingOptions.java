package dev.graft.generate;

import dev.graft.InputException;

/**
 * How the next token is chosen.
 *
 * @param temperature divides the logits; 0 takes the most likely token
 * @param topK only the k most likely tokens; 0 for all
 * @param topP only the most likely tokens whose probabilities reach p together; 1 for all
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens seen before
 *     (Keskar et al. 2019, arXiv 1909.05858); 1 for none
 * @param seed of the draw
 */
public record SamplingOptions(
    double temperature, int topK, double topP, double repetitionPenalty, long seed) {
  /** Always the most likely token. */
  public static final SamplingOptions GREEDY = new SamplingOptions(0, 0, 1, 1, 0);

  public SamplingOptions {
    require(temperature >= 0 && temperature <= 100, "temperature", temperature, "0 to 100");
    require(topK >= 0, "top-k", topK, "0 or more");
    require(topP > 0 && topP <= 1, "top-p", topP, "above 0, at most 1");
    require(
        repetitionPenalty > 0 && repetitionPenalty <= 100,
        "repetition-penalty",
        repetitionPenalty,
        "above 0, at most 100");
  }

  /** The same with another seed, for one of many prompts. */
  public SamplingOptions withSeedPlus(long offset) {
    return new SamplingOptions(temperature, topK, topP, repetitionPenalty, seed + offset);
  }

  private static void require(boolean holds, String key, double value, String allowed) {
    if (!holds) {
      throw new InputException(key + ": " + value + " is not allowed (" + allowed + ")");
    }
  }
}
