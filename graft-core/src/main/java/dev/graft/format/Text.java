package dev.graft.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import tools.jackson.core.JacksonException;

/** Text from files in messages of one line, and strict UTF-8. */
final class Text {
  private static final int SHOWN = 120;

  private Text() {}

  /** In double quotes, without control characters, cut to a readable length. */
  static String quote(String text) {
    return '"' + cut(text) + '"';
  }

  /** What an exception says, in one line. */
  static String oneLine(Exception e) {
    String message =
        e instanceof JacksonException json ? json.getOriginalMessage() : e.getMessage();
    return cut(Objects.requireNonNullElse(message, e.getClass().getSimpleName()));
  }

  /** Decodes UTF-8 and refuses what is not. */
  static String utf8(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  /** Without control characters, cut to a readable length. */
  static String cut(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(SHOWN)
        .forEach(c -> {
          boolean hidden = Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
          shown.appendCodePoint(hidden || isSurrogate(c) ? 0xfffd : c);
        });
    return text.length() > shown.length() ? shown + "…" : shown.toString();
  }

  private static boolean isSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }
}
