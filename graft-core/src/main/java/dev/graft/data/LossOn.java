package dev.graft.data;

/** Which tokens of an example carry loss. */
public enum LossOn {
  /** The last assistant message, or the completion of a prompt. */
  COMPLETION,
  /** Every assistant message. */
  ALL_ASSISTANT,
  /** Every token. */
  EVERYTHING
}
