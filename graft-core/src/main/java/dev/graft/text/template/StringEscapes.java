package dev.graft.text.template;

/** The escapes of a Python string literal. */
final class StringEscapes {
  private StringEscapes() {}

  static String decode(String body) {
    if (body.indexOf('\\') < 0) {
      return body;
    }
    var out = new StringBuilder(body.length());
    int i = 0;
    while (i < body.length()) {
      char c = body.charAt(i);
      if (c != '\\') {
        out.append(c);
        i++;
      } else {
        i = escape(body, i + 1, out);
      }
    }
    return out.toString();
  }

  /** Reads the escape whose letter is at {@code at}; returns the index after it. */
  private static int escape(String body, int at, StringBuilder out) {
    char c = body.charAt(at);
    int simple = "\\'\"abfnrtv".indexOf(c);
    if (simple >= 0) {
      out.append("\\'\"\u0007\b\f\n\r\t\u000b".charAt(simple));
      return at + 1;
    }
    return switch (c) {
      case '\n' -> at + 1;
      case 'x' -> hex(body, at + 1, 2, out);
      case 'u' -> hex(body, at + 1, 4, out);
      case 'U' -> hex(body, at + 1, 8, out);
      case 'N' -> named(body, at + 1, out);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(body, at, out);
      default -> {
        // An unknown escape stays as it is; the character itself is read next.
        out.append('\\');
        yield at;
      }
    };
  }

  private static int hex(String body, int from, int digits, StringBuilder out) {
    int value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = i < body.length() ? Character.digit(body.charAt(i), 16) : -1;
      if (digit < 0 || body.charAt(i) > 'f') {
        throw new TemplateException("a string has a broken escape");
      }
      value = value * 16 + digit;
    }
    if (!Character.isValidCodePoint(value)) {
      throw new TemplateException("a string has an escape for a character that does not exist");
    }
    out.appendCodePoint(value);
    return from + digits;
  }

  private static int octal(String body, int from, StringBuilder out) {
    int value = 0;
    int i = from;
    while (i < body.length() && i < from + 3 && body.charAt(i) >= '0' && body.charAt(i) <= '7') {
      value = value * 8 + (body.charAt(i) - '0');
      i++;
    }
    out.appendCodePoint(value);
    return i;
  }

  private static int named(String body, int from, StringBuilder out) {
    int close = body.indexOf('}', from);
    if (from >= body.length() || body.charAt(from) != '{' || close < 0) {
      throw new TemplateException("a string has a broken escape");
    }
    try {
      out.appendCodePoint(Character.codePointOf(body.substring(from + 1, close)));
    } catch (IllegalArgumentException e) {
      throw new TemplateException("a string names a character that does not exist");
    }
    return close + 1;
  }
}
