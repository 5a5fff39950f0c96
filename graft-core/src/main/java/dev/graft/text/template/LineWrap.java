package dev.graft.text.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts one line into pieces of a width in the way of Python's <a
 * href="https://docs.python.org/3/library/textwrap.html">textwrap</a>; widths count code points.
 *
 * @param breakLong whether a word longer than the width is cut
 * @param hyphens whether a word can be cut behind its hyphens
 */
record LineWrap(int width, boolean breakLong, boolean hyphens) {
  private static final String WORD_MARKS = "!\"'&.,?";

  List<String> wrap(String line) {
    Deque<String> chunks = chunks(line);
    List<String> lines = new ArrayList<>();
    while (!chunks.isEmpty()) {
      List<String> open = new ArrayList<>();
      int used = 0;
      if (!lines.isEmpty() && chunks.getFirst().isBlank()) {
        chunks.removeFirst();
      }
      while (!chunks.isEmpty() && used + size(chunks.getFirst()) <= width) {
        used += size(chunks.getFirst());
        open.add(chunks.removeFirst());
      }
      if (!chunks.isEmpty() && size(chunks.getFirst()) > width) {
        longWord(chunks, open, width - used);
      }
      if (!open.isEmpty() && open.getLast().isBlank()) {
        open.removeLast();
      }
      if (!open.isEmpty()) {
        lines.add(String.join("", open));
      }
    }
    return lines;
  }

  private void longWord(Deque<String> chunks, List<String> open, int room) {
    if (!breakLong) {
      if (open.isEmpty()) {
        open.add(chunks.removeFirst());
      }
      return;
    }
    String chunk = chunks.removeFirst();
    int end = chunk.offsetByCodePoints(0, room);
    int hyphen = hyphens ? chunk.lastIndexOf('-', end - 1) : -1;
    if (hyphen > 0 && chunk.substring(0, hyphen).chars().anyMatch(c -> c != '-')) {
      end = hyphen + 1;
    }
    open.add(chunk.substring(0, end));
    chunks.addFirst(chunk.substring(end));
  }

  private static int size(String chunk) {
    return chunk.codePointCount(0, chunk.length());
  }

  private Deque<String> chunks(String line) {
    Deque<String> chunks = new ArrayDeque<>();
    int at = 0;
    while (at < line.length()) {
      int end = at + 1;
      if (space(line, at)) {
        while (space(line, end)) {
          end++;
        }
      } else if (hyphens && dash(line, at)) {
        end = dashEnd(line, at);
      } else {
        while (end < line.length() && !space(line, end) && !(hyphens && breaks(line, at, end))) {
          end++;
        }
      }
      chunks.add(line.substring(at, end));
      at = end;
    }
    return chunks;
  }

  /** Whether a word that began at {@code from} can be cut before {@code at}. */
  private static boolean breaks(String line, int from, int at) {
    if (dash(line, at)) {
      return true;
    }
    if (line.charAt(at - 1) != '-' || at - 1 == from) {
      return false;
    }
    boolean behindWord =
        (letter(line, at - 3) && letter(line, at - 2))
            || (letter(line, at - 4) && is(line, at - 3, '-') && wordMark(line, at - 2));
    boolean beforeWord =
        letter(line, at)
            && (letter(line, at + 1) || (is(line, at + 1, '-') && letter(line, at + 2)));
    return behindWord && beforeWord;
  }

  /** Two or more hyphens between words. */
  private static boolean dash(String line, int at) {
    if (!is(line, at, '-') || !is(line, at + 1, '-') || !wordMark(line, at - 1)) {
      return false;
    }
    int end = dashEnd(line, at);
    return end < line.length() && word(line, end);
  }

  private static int dashEnd(String line, int at) {
    int end = at;
    while (is(line, end, '-')) {
      end++;
    }
    return end;
  }

  private static boolean is(String line, int at, char c) {
    return at >= 0 && at < line.length() && line.charAt(at) == c;
  }

  private static boolean space(String line, int at) {
    return at < line.length() && "\t\n\u000b\f\r ".indexOf(line.charAt(at)) >= 0;
  }

  private static boolean word(String line, int at) {
    return at >= 0
        && at < line.length()
        && (Character.isLetterOrDigit(line.charAt(at)) || line.charAt(at) == '_');
  }

  private static boolean letter(String line, int at) {
    return word(line, at) && !Character.isDigit(line.charAt(at));
  }

  private static boolean wordMark(String line, int at) {
    return word(line, at) || (at >= 0 && WORD_MARKS.indexOf(line.charAt(at)) >= 0);
  }
}
