package dev.graft.text.template;

/** The part of a message that a stretch of rendered text came from. */
public enum Part {
  /** The {@code role} of the message. */
  ROLE,
  /** The {@code content}, or a part of a content list. */
  CONTENT,
  /** {@code reasoning_content}, {@code thinking} or {@code reasoning}. */
  REASONING,
  /** Names, arguments and punctuation of {@code tool_calls}. */
  TOOL_CALL,
  /** Any other key of the message. */
  OTHER
}
