package dev.graft.data;

import java.util.List;
import java.util.Map;

/** One row of a data file. */
public sealed interface Row {
  /** Line of the file, counted from one. */
  long line();

  /**
   * A conversation; its last message is the answer.
   *
   * @param messages each with {@code role} and {@code content}, as the chat template sees them
   * @param tools the tools offered, empty for none
   */
  record Chat(long line, List<Map<String, Object>> messages, List<Object> tools) implements Row {}

  /** A prompt and what follows it. */
  record Completion(long line, String prompt, String completion) implements Row {}

  /** Plain text. */
  record Text(long line, String text) implements Row {}
}
