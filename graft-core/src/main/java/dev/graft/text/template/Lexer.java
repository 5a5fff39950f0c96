package dev.graft.text.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens, as Jinja does with {@code trim_blocks} and {@code lstrip_blocks} on
 * and {@code keep_trailing_newline} off.
 */
final class Lexer {
  private static final Pattern NEWLINE = Pattern.compile("\r\n|\r|\n");
  private static final Pattern RAW_BEGIN =
      Pattern.compile("\\{%([-+]?)\\s*raw\\s*(?:-%\\}\\s*|%\\})", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern RAW_END =
      Pattern.compile(
          "\\{%([-+]?)\\s*endraw\\s*(?:\\+%\\}|-%\\}\\s*|%\\}\\n?)",
          Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern FLOAT =
      Pattern.compile(
          "(?<!\\.)(?:\\d+_)*\\d+(?:(?:\\.(?:\\d+_)*\\d+)?e[+-]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern INTEGER =
      Pattern.compile(
          "0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\\da-f])+|[1-9](?:_?\\d)*|0(?:_?0)*",
          Pattern.CASE_INSENSITIVE);
  private static final List<String> SIGNS =
      List.of(
          "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{",
          "}", ">", "<", "=", ".", ":", "|", ",", ";");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private final Deque<Character> open = new ArrayDeque<>();
  private int position;
  private int line = 1;
  private boolean lineStarting = true;

  private Lexer(String source) {
    String unified = NEWLINE.matcher(source).replaceAll("\n");
    this.source = unified.endsWith("\n") ? unified.substring(0, unified.length() - 1) : unified;
  }

  static List<Token> tokenize(String source) {
    var lexer = new Lexer(source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (position < source.length()) {
      int tag = nextTag();
      if (tag < 0) {
        data(source.substring(position));
        advance(source.length());
        break;
      }
      Matcher raw = RAW_BEGIN.matcher(source).region(tag, source.length());
      if (raw.lookingAt()) {
        dataBefore(tag, raw.group(1), true);
        advance(raw.end());
        rawBlock();
      } else {
        tag(tag);
      }
    }
    tokens.add(new Token(Token.Kind.END, "", null, line));
  }

  private int nextTag() {
    for (int i = position; i + 1 < source.length(); i++) {
      if (source.charAt(i) == '{') {
        char next = source.charAt(i + 1);
        if (next == '%' || next == '{' || next == '#') {
          return i;
        }
      }
    }
    return -1;
  }

  private void tag(int at) {
    char kind = source.charAt(at + 1);
    char control = at + 2 < source.length() ? source.charAt(at + 2) : ' ';
    boolean signed = control == '-' || control == '+';
    dataBefore(at, signed ? String.valueOf(control) : "", kind != '{');
    advance(at + (signed ? 3 : 2));
    switch (kind) {
      case '#' -> comment();
      case '%' -> {
        tokens.add(new Token(Token.Kind.BLOCK_BEGIN, "{%", null, line));
        code(true);
      }
      default -> {
        tokens.add(new Token(Token.Kind.VARIABLE_BEGIN, "{{", null, line));
        code(false);
      }
    }
  }

  /** The text before a tag, without the white space the tag takes away. */
  private void dataBefore(int end, String control, boolean block) {
    String text = source.substring(position, end);
    if (control.equals("-")) {
      text = Strings.stripEnd(text);
    } else if (control.isEmpty() && block) {
      int lineStart = text.lastIndexOf('\n') + 1;
      boolean ownLine = lineStart > 0 || lineStarting;
      if (ownLine && Strings.isBlank(text, lineStart)) {
        text = text.substring(0, lineStart);
      }
    }
    data(text);
  }

  private void data(String text) {
    if (!text.isEmpty()) {
      tokens.add(new Token(Token.Kind.DATA, text, null, line));
    }
  }

  private void advance(int to) {
    for (int i = position; i < to; i++) {
      if (source.charAt(i) == '\n') {
        line++;
      }
    }
    if (to > position) {
      lineStarting = source.charAt(to - 1) == '\n';
    }
    position = to;
  }

  private void rawBlock() {
    Matcher end = RAW_END.matcher(source);
    if (position == source.length()) {
      return; // As in Jinja, only what follows an open directive makes it an error.
    }
    if (!end.find(position)) {
      throw error("Missing end of raw directive");
    }
    dataBefore(end.start(), end.group(1), true);
    advance(end.end());
  }

  private void comment() {
    int end = source.indexOf("#}", position);
    if (position == source.length()) {
      return;
    }
    if (end < 0) {
      throw error("Missing end of comment tag");
    }
    char control = end > position ? source.charAt(end - 1) : ' ';
    advance(afterTag(end + 2, control, true));
  }

  /** Where the template goes on after a closing tag: its sign eats white space or one line end. */
  private int afterTag(int end, char control, boolean block) {
    if (control == '-') {
      return Strings.skipSpace(source, end);
    }
    boolean newline = end < source.length() && source.charAt(end) == '\n';
    return block && control != '+' && newline ? end + 1 : end;
  }

  private void code(boolean block) {
    String close = block ? "%}" : "}}";
    while (true) {
      if (position >= source.length()) {
        return;
      }
      if (open.isEmpty() && closes(close, block)) {
        return;
      }
      char c = source.charAt(position);
      if (Strings.isSpace(c)) {
        advance(position + 1);
      } else if (c == '"' || c == '\'') {
        string(c);
      } else if (c >= '0' && c <= '9') {
        number();
      } else if (c == '_' || Character.isLetterOrDigit(source.codePointAt(position))) {
        name();
      } else {
        sign();
      }
    }
  }

  private boolean closes(String close, boolean block) {
    char c = source.charAt(position);
    boolean signed = c == '-' || (block && c == '+');
    int at = signed ? position + 1 : position;
    if (!source.startsWith(close, at)) {
      return false;
    }
    var kind = block ? Token.Kind.BLOCK_END : Token.Kind.VARIABLE_END;
    tokens.add(new Token(kind, close, null, line));
    advance(afterTag(at + 2, signed ? c : ' ', block));
    return true;
  }

  private void string(char quote) {
    int i = position + 1;
    while (i < source.length() && source.charAt(i) != quote) {
      i += source.charAt(i) == '\\' ? 2 : 1;
    }
    if (i >= source.length()) {
      throw error("a string is not closed");
    }
    String body = source.substring(position + 1, i);
    String value;
    try {
      value = StringEscapes.decode(body);
    } catch (TemplateException e) {
      throw e.at(line);
    }
    tokens.add(new Token(Token.Kind.STRING, body, Text.of(value), line));
    advance(i + 1);
  }

  private void number() {
    Matcher real = FLOAT.matcher(source).region(position, source.length());
    real.useTransparentBounds(true);
    if (real.lookingAt()) {
      double value = Double.parseDouble(real.group().replace("_", ""));
      tokens.add(new Token(Token.Kind.NUMBER, real.group(), Value.Real.of(value), line));
      advance(real.end());
      return;
    }
    Matcher whole = INTEGER.matcher(source).region(position, source.length());
    if (!whole.lookingAt()) {
      throw error("unexpected character '" + source.charAt(position) + "'");
    }
    Value value = Numbers.parseInteger(whole.group(), 0);
    if (value == null) {
      throw error("the number " + whole.group() + " is too large");
    }
    tokens.add(new Token(Token.Kind.NUMBER, whole.group(), value, line));
    advance(whole.end());
  }

  private void name() {
    int i = position;
    while (i < source.length()) {
      int c = source.codePointAt(i);
      if (c != '_' && !Character.isUnicodeIdentifierPart(c)) {
        break;
      }
      i += Character.charCount(c);
    }
    if (i == position || !startsName(source.codePointAt(position))) {
      throw error("Invalid character in identifier");
    }
    // Interned, so that scopes can compare names by identity.
    String name = source.substring(position, i).intern();
    tokens.add(new Token(Token.Kind.NAME, name, null, line));
    advance(i);
  }

  private static boolean startsName(int c) {
    return c == '_' || Character.isUnicodeIdentifierStart(c);
  }

  private void sign() {
    for (String sign : SIGNS) {
      if (source.startsWith(sign, position)) {
        balance(sign.charAt(0));
        tokens.add(new Token(Token.Kind.SIGN, sign, null, line));
        advance(position + sign.length());
        return;
      }
    }
    throw error("unexpected character '" + Character.toString(source.codePointAt(position)) + "'");
  }

  private void balance(char sign) {
    switch (sign) {
      case '(' -> open.push(')');
      case '[' -> open.push(']');
      case '{' -> open.push('}');
      case ')', ']', '}' -> {
        Character expected = open.poll();
        if (expected == null || expected != sign) {
          throw error("unexpected '" + sign + "'");
        }
      }
      default -> {}
    }
  }

  private TemplateException error(String what) {
    return new TemplateException(what, line);
  }
}
