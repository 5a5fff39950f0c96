package dev.graft.data;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads rows: {@code {"messages": […]}} (optionally with {@code "tools"}), {@code {"prompt": …,
 * "completion": …}} (texts, or lists of messages) or {@code {"text": …}}.
 */
public final class RowReader {
  private RowReader() {}

  /** The rows of a file as they stand in it. */
  public static RowSource open(Path file) {
    return JsonLines.open(file);
  }

  /** Recognises the shape of a row. */
  public static Row parse(RawRow row) {
    return new RowParser(row.file(), row.line()).parse(row.fields());
  }

  /** All rows of a file, in order. */
  public static List<Row> read(Path file) {
    List<Row> rows = new ArrayList<>();
    try (RowSource source = open(file)) {
      for (RawRow row = source.next(); row != null; row = source.next()) {
        rows.add(parse(row));
      }
    }
    if (rows.isEmpty()) {
      throw InputException.in(file, "holds no rows");
    }
    return rows;
  }
}
