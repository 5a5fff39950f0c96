package dev.graft.data.check;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.List;

/** What the refusal of a row says: its message begins with {@code FILE:LINE: }. */
final class BadRow {
  private BadRow() {}

  /** Where the row stands, or the place that it should have where the message names none. */
  static Place place(List<Path> files, InputException refusal, Place expected) {
    String message = String.valueOf(refusal.getMessage());
    for (int part = expected.part(); part < files.size(); part++) {
      int start = files.get(part).toString().length() + 1;
      if (message.startsWith(files.get(part) + ":")) {
        int end = endOfNumber(message, start);
        boolean named = end > start && end < start + 12;
        long otherwise = part == expected.part() ? expected.line() : 1;
        long line = named ? Long.parseLong(message, start, end, 10) : otherwise;
        return new Place(expected.file(), part, line);
      }
    }
    return expected;
  }

  /** What is wrong, without the file and the line. */
  static String what(Path file, InputException refusal) {
    String message = String.valueOf(refusal.getMessage());
    if (!message.startsWith(file + ":")) {
      return message;
    }
    int end = endOfNumber(message, file.toString().length() + 1);
    return message.substring(message.startsWith(":", end) ? end + 1 : end).strip();
  }

  private static int endOfNumber(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }
}
