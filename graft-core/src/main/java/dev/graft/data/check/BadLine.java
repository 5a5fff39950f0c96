package dev.graft.data.check;

import dev.graft.InputException;
import java.nio.file.Path;

/** The line that a refusal names: its message begins with {@code FILE:LINE: }. */
final class BadLine {
  private BadLine() {}

  /** The line, or another where the message names none. */
  static long of(Path file, InputException refusal, long other) {
    String message = String.valueOf(refusal.getMessage());
    String start = file + ":";
    int end = start.length();
    while (end < message.length() && Character.isDigit(message.charAt(end))) {
      end++;
    }
    boolean named = message.startsWith(start) && end > start.length() && end - start.length() < 19;
    return named ? Long.parseLong(message, start.length(), end, 10) : other;
  }

  /** What is wrong, without the file and the line. */
  static String what(Path file, InputException refusal) {
    String message = String.valueOf(refusal.getMessage());
    if (!message.startsWith(file + ":")) {
      return message;
    }
    return message.substring(file.toString().length() + 1).replaceFirst("^[0-9]{0,19}:? ?", "");
  }
}
