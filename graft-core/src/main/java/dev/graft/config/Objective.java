package dev.graft.config;

/** What a model learns from its data. */
public enum Objective {
  /** To answer as the examples do. */
  SUPERVISED,
  /** To go on with text: every token of a stream of documents. */
  PRETRAIN
}
