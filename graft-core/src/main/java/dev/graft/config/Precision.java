package dev.graft.config;

/** Element type of weights and activations; adapter masters and optimizer state are float32. */
public enum Precision {
  BF16,
  FP32
}
