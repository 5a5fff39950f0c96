package dev.graft.adapter;

import dev.graft.InputException;
import java.util.regex.Pattern;

/**
 * Matches regular expressions that come from outside against module names, within a bounded number
 * of looks at the name: some expressions would otherwise try for years.
 */
final class BoundedMatch {
  private static final int MOST_LOOKS = 1_000_000;

  private BoundedMatch() {}

  /** Whether the whole name matches. */
  static boolean matches(Pattern pattern, String name) {
    try {
      return pattern.matcher(new Counted(name, new int[] {MOST_LOOKS})).matches();
    } catch (TooLong | StackOverflowError e) {
      throw new InputException(
          "the regular expression '" + shortened(pattern) + "' takes too long to match", e);
    }
  }

  private static String shortened(Pattern pattern) {
    String text = pattern.pattern().replaceAll("\\R", " ");
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }

  private static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLong() {
      super("", null, false, false);
    }
  }

  /** Counts how often a character is looked at, also through parts of the text. */
  private record Counted(String text, int[] left) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (left[0]-- <= 0) {
        throw new TooLong();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text.substring(start, end), left);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
