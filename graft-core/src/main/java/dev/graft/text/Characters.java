package dev.graft.text;

/** Kinds of characters. */
public final class Characters {
  private static final int FIRST_MARK = 0x300;

  private Characters() {}

  /**
   * Whether a code point is a mark, which belongs to the letter before; Hindi's vowels are such.
   */
  public static boolean isMark(int c) {
    if (c < FIRST_MARK) {
      return false;
    }
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }

  /** Whether all characters of a text are from the first 128. */
  public static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 128) {
        return false;
      }
    }
    return true;
  }
}
