package dev.graft.model;

import dev.graft.format.Config;

/** Qwen 2 and 2.5: biases on queries, keys and values; a window on the upper layers if enabled. */
final class Qwen2 implements ModelFamily {
  @Override
  public String modelType() {
    return "qwen2";
  }

  @Override
  public DecoderSpec spec(Config config) {
    return new SpecReader(config)
        .bias(new DecoderSpec.Bias(true, false, false))
        .qwenWindow()
        .read(modelType());
  }
}
