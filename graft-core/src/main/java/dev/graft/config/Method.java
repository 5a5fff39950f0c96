package dev.graft.config;

/** What of the model is trained. */
public enum Method {
  /** A low-rank adapter on frozen weights. */
  LORA,
  /** Every weight. */
  FULL
}
