package dev.graft.data.view;

import java.nio.file.Path;
import java.util.List;

/**
 * An example as the model will see it.
 *
 * @param file the file its row stands in
 * @param line of the row, counted from one
 * @param kind what the row is, such as {@code chat of 3 messages}
 * @param answer {@code chosen} or {@code rejected} of a preference, {@code good} or {@code bad} of
 *     rated answers; empty for other rows
 * @param text what was encoded
 * @param tokens all tokens, also those behind the limit
 * @param limit how many of them the model sees
 * @param warnings what may be wrong with it, one line each
 */
public record ShownExample(
    Path file,
    long line,
    String kind,
    String answer,
    String text,
    List<ShownToken> tokens,
    int limit,
    List<String> warnings) {
  public ShownExample {
    tokens = List.copyOf(tokens);
    warnings = List.copyOf(warnings);
  }

  /** Whether the limit cuts its end off. */
  public boolean cut() {
    return tokens.size() > limit;
  }

  /** Tokens that the model sees. */
  public List<ShownToken> seen() {
    return cut() ? tokens.subList(0, limit) : tokens;
  }

  /** Learnt tokens that the model sees. */
  public int learnt() {
    return count(seen());
  }

  /** Learnt tokens that the limit cuts off. */
  public int learntLost() {
    return count(tokens) - learnt();
  }

  private static int count(List<ShownToken> tokens) {
    return (int) tokens.stream().filter(ShownToken::learnt).count();
  }
}
