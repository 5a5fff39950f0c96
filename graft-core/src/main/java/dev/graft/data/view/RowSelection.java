package dev.graft.data.view;

import dev.graft.InputException;
import dev.graft.data.RawRow;
import dev.graft.data.Row;
import dev.graft.data.RowOptions;
import dev.graft.data.RowReader;
import dev.graft.data.RowSource;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a file.
 *
 * @param from the first, counted from one
 * @param to the last
 * @param byLine whether these are lines of the file; else rows are counted, blank lines not among
 *     them
 */
public record RowSelection(long from, long to, boolean byLine) {
  public RowSelection {
    if (from < 1 || to < from) {
      throw new IllegalArgumentException("no rows: " + from + " to " + to);
    }
  }

  /**
   * Reads {@code N} or {@code N-M}.
   *
   * @throws InputException where it is neither
   */
  public static RowSelection parse(String text) {
    String[] ends = text.split("-", 2);
    long from = number(ends[0], text);
    long to = ends.length == 1 ? from : number(ends[1], text);
    if (from < 1 || to < from) {
      throw wrong(text);
    }
    return new RowSelection(from, to, false);
  }

  /** The row on one line of the file. */
  public static RowSelection line(long line) {
    return new RowSelection(line, line, true);
  }

  private static long number(String digits, String text) {
    if (digits.isEmpty()
        || digits.length() > 15
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw wrong(text);
    }
    return Long.parseLong(digits);
  }

  private static InputException wrong(String text) {
    return new InputException(
        "'"
            + Visible.line(text)
            + "' is neither a row such as 3 nor rows such as 3-7; rows count from 1");
  }

  /**
   * Gives the rows to {@code consumer} one by one; rows before the first are not looked into, so
   * one of them may be wrong.
   *
   * @throws InputException where a wanted row is wrong or there is none
   */
  public void forEach(Path file, RowOptions options, Consumer<Row> consumer) {
    try (RowSource source = RowReader.open(file)) {
      long given = 0;
      long count = 0;
      InputException last = null;
      while (true) {
        RawRow raw;
        try {
          raw = source.next();
        } catch (InputException e) {
          count++;
          if (!byLine && count >= from) {
            throw e;
          }
          last = e;
          continue;
        }
        count++;
        long place = raw == null ? Long.MAX_VALUE : byLine ? raw.line() : count;
        if (place > to) {
          if (given == 0) {
            throw missing(file, raw == null ? count - 1 : -1, last);
          }
          return;
        }
        if (raw != null && place >= from) {
          consumer.accept(RowReader.parse(raw, options));
          given++;
          if (place == to) {
            return;
          }
        }
      }
    }
  }

  private InputException missing(Path file, long rows, @Nullable InputException last) {
    if (!byLine) {
      return InputException.in(file, "holds only " + ExampleViewer.count(rows, "row"));
    }
    String prefix = file + ":" + from + ":";
    return last != null && String.valueOf(last.getMessage()).startsWith(prefix)
        ? last
        : InputException.at(file, from, "there is no row on this line");
  }
}
