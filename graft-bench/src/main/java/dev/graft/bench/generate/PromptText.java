package dev.graft.bench.generate;

import dev.graft.InputException;
import dev.graft.text.Tokenizer;
import java.util.Arrays;

/** Makes a text of exactly so many tokens. */
final class PromptText {
  private PromptText() {}

  /**
   * A stretch of {@code text} that the tokenizer reads as {@code count} tokens.
   *
   * <p>Not every stretch of tokens is read again as the same tokens, so places are tried one after
   * the other.
   *
   * @throws InputException where there is none
   */
  static String of(Tokenizer tokenizer, String text, int count) {
    int[] ids = tokenizer.encode(text).ids();
    for (int at = 0; at + count <= ids.length; at++) {
      String stretch = tokenizer.decode(Arrays.copyOfRange(ids, at, at + count), false);
      if (tokenizer.encode(stretch).ids().length == count) {
        return stretch;
      }
    }
    throw new InputException("--data: has no stretch of " + count + " tokens for a prompt");
  }
}
