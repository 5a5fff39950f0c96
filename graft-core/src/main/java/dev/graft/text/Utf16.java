package dev.graft.text;

/** Between Java's UTF-16 indices and the Unicode code points that native tokenizers count. */
final class Utf16 {
  private static final char REPLACEMENT = '\uFFFD';

  private Utf16() {}

  /**
   * The text with every unpaired surrogate replaced by U+FFFD, one unit for one unit, so that
   * indices stay valid; the text itself where there is none.
   */
  static String wellFormed(String text) {
    int bad = firstUnpaired(text, 0);
    if (bad < 0) {
      return text;
    }
    var repaired = new StringBuilder(text);
    while (bad >= 0) {
      repaired.setCharAt(bad, REPLACEMENT);
      bad = firstUnpaired(text, bad + 1);
    }
    return repaired.toString();
  }

  /** Index of the first unpaired surrogate at or after {@code from}, or -1. */
  static int firstUnpaired(String text, int from) {
    int i = from;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        i++;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i += 2;
      } else {
        return i;
      }
    }
    return -1;
  }

  /**
   * Rewrites code point indices as UTF-16 indices, in place. Indices past the end become the end.
   */
  static void fromCodePoints(String text, int[]... indices) {
    int codePoints = text.codePointCount(0, text.length());
    if (codePoints == text.length()) {
      return;
    }
    int[] unit = new int[codePoints + 1];
    int at = 0;
    for (int point = 0; point < codePoints; point++) {
      unit[point] = at;
      at += Character.charCount(text.codePointAt(at));
    }
    unit[codePoints] = at;
    for (int[] some : indices) {
      for (int i = 0; i < some.length; i++) {
        some[i] = unit[Math.min(some[i], codePoints)];
      }
    }
  }
}
