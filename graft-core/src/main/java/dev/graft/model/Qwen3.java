package dev.graft.model;

import dev.graft.format.Config;

/** Qwen 3 (dense): a norm on each query and key head instead of biases. */
final class Qwen3 implements ModelFamily {
  @Override
  public String modelType() {
    return "qwen3";
  }

  @Override
  public DecoderSpec spec(Config config) {
    boolean attention = config.boolOr("attention_bias", false);
    return new SpecReader(config)
        .bias(new DecoderSpec.Bias(attention, attention, false))
        .queryKeyNorm()
        .qwenWindow()
        .read(modelType());
  }
}
