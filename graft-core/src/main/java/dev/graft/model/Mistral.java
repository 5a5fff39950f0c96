package dev.graft.model;

import dev.graft.format.Config;

/** Mistral 7B and others of the same shape: as Llama, with a sliding window on every layer. */
final class Mistral implements ModelFamily {
  @Override
  public String modelType() {
    return "mistral";
  }

  @Override
  public DecoderSpec spec(Config config) {
    SpecReader reader = new SpecReader(config);
    return reader.window(config.intOr("sliding_window", 0, 0, Integer.MAX_VALUE)).read(modelType());
  }
}
