package dev.graft.data.view;

/**
 * Text from outside made safe and unambiguous to look at.
 *
 * <p>Line ends become {@code ↵}, tabs {@code ⇥}, and every character that a terminal or browser
 * would act on, hide or reorder by (control and format characters, unusual spaces, halves of
 * surrogate pairs, code points without a character) becomes {@code ⟨U+hhhh⟩}. So do the marks of
 * these pages themselves, so that a mark never comes from the data.
 */
public final class Visible {
  /** Marks that only this package writes. */
  static final String MARKS = "⟦⟧⟪⟫⟨⟩│↵⇥␣";

  private static final int SPACE_MARK = '␣';

  private Visible() {}

  /**
   * Appends the part of a text between two UTF-16 indices.
   *
   * @param lines whether a line end is also written as one, behind its mark
   */
  static void append(StringBuilder out, String text, int from, int to, boolean lines) {
    int i = from;
    while (i < to) {
      int c = to - i > 1 ? text.codePointAt(i) : text.charAt(i);
      if (c == ' ') {
        out.appendCodePoint(matters(text, i) ? SPACE_MARK : ' ');
      } else {
        append(out, c, lines);
      }
      i += Character.charCount(c);
    }
  }

  /** The whole text on one line. */
  public static String line(String text) {
    StringBuilder out = new StringBuilder();
    append(out, text, 0, text.length(), false);
    return out.toString();
  }

  /** The text with its own line ends and tabs, but with nothing else that a terminal acts on. */
  public static String harmless(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (c == '\n' || c == '\t' || !hidden(c)) {
            out.appendCodePoint(c);
          } else {
            code(out, c);
          }
        });
    return out.toString();
  }

  /** A space is easy to miss at the border of a text or line, or beside another one. */
  private static boolean matters(String text, int at) {
    return at == 0
        || at + 1 == text.length()
        || Character.isWhitespace(text.charAt(at - 1))
        || Character.isWhitespace(text.charAt(at + 1));
  }

  private static void append(StringBuilder out, int c, boolean lines) {
    if (c == '\n') {
      out.append(lines ? "↵\n" : "↵");
    } else if (c == '\t') {
      out.append('⇥');
    } else if (hidden(c) || MARKS.indexOf(c) >= 0) {
      code(out, c);
    } else {
      out.appendCodePoint(c);
    }
  }

  private static void code(StringBuilder out, int c) {
    out.append("⟨U+");
    String digits = Integer.toHexString(c).toUpperCase(java.util.Locale.ROOT);
    out.repeat('0', Math.max(0, 4 - digits.length())).append(digits).append('⟩');
  }

  /** Whether a character shows nothing, or makes others show differently. */
  static boolean hidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      case Character.SPACE_SEPARATOR -> c != ' ';
      default -> false;
    };
  }
}
