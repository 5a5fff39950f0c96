package dev.graft.data.arrange;

import dev.graft.InputException;
import dev.graft.data.RawRow;
import dev.graft.data.RowReader;
import dev.graft.data.RowSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Rows as they stand in their files, whatever their layout. */
final class RawRows {
  private static final JsonMapper JSON = new JsonMapper();

  private RawRows() {}

  /** What is done with each row. */
  @FunctionalInterface
  interface Action {
    void on(RawRow row);
  }

  /**
   * Reads a file.
   *
   * @return number of rows
   * @throws InputException where a row can't be read, or there is none
   */
  static int forEach(Path file, Action action) {
    int count = 0;
    try (RowSource source = RowReader.open(file)) {
      for (RawRow row = source.next(); row != null; row = source.next()) {
        action.on(row);
        count = Math.addExact(count, 1);
      }
    }
    if (count == 0) {
      throw InputException.in(file, "holds no rows");
    }
    return count;
  }

  /** A row as one line of JSON, with the end of the line. */
  static byte[] line(RawRow row) {
    return (JSON.writeValueAsString(row.fields()) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Everything that people wrote in a row: its texts, without the names of roles. */
  static String text(RawRow row) {
    StringBuilder text = new StringBuilder();
    append(row.fields(), text);
    return text.toString();
  }

  private static void append(@Nullable Object value, StringBuilder text) {
    switch (value) {
      case String string -> text.append(string).append('\n');
      case List<?> list -> list.forEach(item -> append(item, text));
      case Map<?, ?> map ->
          map.forEach((key, item) -> {
            if (!"role".equals(key) && !"from".equals(key)) {
              append(item, text);
            }
          });
      case null, default -> {
        // Numbers and the like tell no texts apart.
      }
    }
  }

  /** The value at a path of keys such as {@code meta.source}, as text. */
  static Optional<String> at(RawRow row, String path) {
    Object value = row.fields();
    for (String key : path.split("\\.", -1)) {
      value = value instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return Optional.ofNullable(value)
        .map(found -> found instanceof String s ? s : JSON.writeValueAsString(found));
  }
}
