package dev.graft.data.check;

/** Pieces of data as messages show them: short, on one line. */
public final class Shown {
  private static final int LONGEST = 60;

  private Shown() {}

  /** The text in quotes, cut where it is long. */
  static String quoted(String text) {
    return '"' + line(text, LONGEST) + '"';
  }

  /** The text on one line without control characters, cut where it is longer than that. */
  public static String line(String text, int longest) {
    StringBuilder out = new StringBuilder();
    boolean space = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (Character.isWhitespace(c) || unprintable(c)) {
        space = !out.isEmpty();
        continue;
      }
      if (space) {
        out.append(' ');
        space = false;
      }
      if (out.length() >= longest) {
        return out.append('…').toString();
      }
      out.appendCodePoint(c);
    }
    return out.toString();
  }

  /** What could rewrite a terminal, or make the text read otherwise than it stands. */
  private static boolean unprintable(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE;
  }
}
