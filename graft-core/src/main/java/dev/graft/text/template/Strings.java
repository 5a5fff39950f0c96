package dev.graft.text.template;

/** White space and lines as Python's {@code str} sees them. */
final class Strings {
  private Strings() {}

  static boolean isSpace(int c) {
    return switch (c) {
      case ' ', '\t', '\n', 0x0b, '\f', '\r', 0x1c, 0x1d, 0x1e, 0x1f, 0x85, 0xa0 -> true;
      case 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000 -> true;
      default -> c >= 0x2000 && c <= 0x200a;
    };
  }

  static boolean isLineBreak(int c) {
    return switch (c) {
      case '\n', '\r', 0x0b, '\f', 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029 -> true;
      default -> false;
    };
  }

  static boolean isBlank(String text, int from) {
    return skipSpace(text, from) == text.length();
  }

  static int skipSpace(String text, int from) {
    int i = from;
    while (i < text.length() && isSpace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  static String stripEnd(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  static String strip(String text) {
    String cut = stripEnd(text);
    return cut.substring(skipSpace(cut, 0));
  }
}
