package dev.graft.goal;

import java.util.Locale;

/** Words of a text. */
public final class Words {
  private Words() {}

  /**
   * Counts words: what stands between white space and holds a letter or digit; "well-known" and
   * "and/or" are one each. Chinese and Japanese have no spaces: each ideograph and kana is one
   * word.
   */
  public static int count(String text) {
    int words = 0;
    boolean inWord = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (Character.isWhitespace(c) || c == 0xA0) {
        inWord = false;
      } else if (standsAlone(c)) {
        words++;
        inWord = false;
      } else if (!inWord && Character.isLetterOrDigit(c)) {
        words++;
        inWord = true;
      }
    }
    return words;
  }

  private static boolean standsAlone(int c) {
    if (c < 0x3040 || !Character.isLetter(c)) {
      return false;
    }
    return switch (Character.UnicodeScript.of(c)) {
      case HAN, HIRAGANA, KATAKANA -> true;
      default -> false;
    };
  }

  /** Whether the text holds the phrase, in any case, not as a part of longer words. */
  static boolean contains(String text, String phrase) {
    String where = normal(text);
    String what = normal(phrase);
    for (int at = where.indexOf(what); at >= 0; at = where.indexOf(what, at + 1)) {
      if (edge(where, at) && edge(where, at + what.length())) {
        return true;
      }
    }
    return what.isEmpty();
  }

  /** Lower case, with one space for each run of white space. */
  static String normal(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean space = false;
    String lower = text.strip().toLowerCase(Locale.ROOT);
    for (int i = 0; i < lower.length(); i++) {
      char c = lower.charAt(i);
      if (Character.isWhitespace(c)) {
        space = true;
      } else {
        out.append(space ? " " : "").append(c);
        space = false;
      }
    }
    return out.toString();
  }

  /** Whether no word goes on over this place. */
  private static boolean edge(String text, int at) {
    if (at <= 0 || at >= text.length()) {
      return true;
    }
    int before = text.codePointBefore(at);
    int after = text.codePointAt(at);
    return !Character.isLetterOrDigit(before)
        || !Character.isLetterOrDigit(after)
        || standsAlone(before)
        || standsAlone(after);
  }
}
