package dev.graft.text;

import dev.graft.InputException;

/**
 * What a tokenizer takes as one text.
 *
 * @param units the longest text, in UTF-16 units
 * @param run the longest run of characters that are all white space or all not
 */
record TextLimits(int units, int run) {
  /** A token of the library takes some hundred bytes, so that this much text takes about 1 GB. */
  private static final int LONGEST = 4 << 20;

  static final TextLimits NO_REGEX = new TextLimits(LONGEST, Integer.MAX_VALUE);

  /** Well below the regular expression engine's ten million steps; see {@link RegexGuard}. */
  static final TextLimits REGEX = new TextLimits(LONGEST, 500_000);

  static final TextLimits WIDE_REGEX = new TextLimits(1_000_000, 500_000);

  TextLimits and(TextLimits other) {
    return new TextLimits(Math.min(units, other.units), Math.min(run, other.run));
  }

  void check(String text) {
    if (text.length() > units) {
      throw new InputException(
          "a text of "
              + text.length()
              + " characters is too long to tokenize (at most "
              + units
              + "); split it");
    }
    if (text.length() <= run) {
      return;
    }
    int begin = 0;
    boolean space = false;
    for (int i = 0; i < text.length(); i++) {
      if (Character.isWhitespace(text.charAt(i)) != space) {
        space = !space;
        begin = i;
      } else if (i - begin >= run) {
        throw new InputException(
            "a text with over "
                + run
                + (space ? " white space characters" : " characters without white space")
                + " in a row, from index "
                + begin
                + ", is too long to tokenize; split it there");
      }
    }
  }
}
