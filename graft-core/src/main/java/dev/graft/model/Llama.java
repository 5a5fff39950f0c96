package dev.graft.model;

import dev.graft.format.Config;

/** Llama 2 and 3.x, SmolLM2 and others of the same shape. */
final class Llama implements ModelFamily {
  @Override
  public String modelType() {
    return "llama";
  }

  @Override
  public DecoderSpec spec(Config config) {
    boolean attention = config.boolOr("attention_bias", false);
    boolean mlp = config.boolOr("mlp_bias", false);
    return new SpecReader(config)
        .bias(new DecoderSpec.Bias(attention, attention, mlp))
        .read(modelType());
  }
}
