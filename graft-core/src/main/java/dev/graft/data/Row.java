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

  /**
   * Two answers to the same prompt, of which one is better.
   *
   * @param chosen the prompt with the better answer: a conversation or a completion
   * @param rejected the same prompt with the worse one, of the same kind
   */
  record Preference(long line, Row chosen, Row rejected) implements Row {}

  /**
   * An answer that somebody found good or bad.
   *
   * @param answered the prompt with the answer: a conversation or a completion
   * @param good whether it was found good
   */
  record Feedback(long line, Row answered, boolean good) implements Row {}
}
