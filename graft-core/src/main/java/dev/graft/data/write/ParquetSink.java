package dev.graft.data.write;

import dev.graft.data.DataFormat;
import dev.graft.data.read.DuckDb;
import dev.graft.data.read.StrictJson;
import dev.graft.data.write.RowShaper.Unrepresentable;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Writes Parquet. All rows are written as JSON lines aside first, for the types of the columns are
 * known only when all rows are: a column or a key of messages that no row has is not made.
 */
final class ParquetSink implements RowSink {
  private static final int ROWS_PER_GROUP = 10_000;

  private final Path rows;
  private final Path target;
  private final OutputStream out;
  private final List<String> columns;
  private final ParquetMessages messages = new ParquetMessages();
  private final Map<String, String> types = new LinkedHashMap<>();
  private final Set<String> ofMessages = new LinkedHashSet<>();

  /**
   * A sink.
   *
   * @param folder where it may write what it needs
   * @param target file in it that will be written
   */
  ParquetSink(Path folder, Path target, DataFormat format) throws IOException {
    this.rows = folder.resolve("rows.jsonl");
    this.target = target;
    this.columns = TableColumns.of(format);
    this.out = new BufferedOutputStream(Files.newOutputStream(rows));
  }

  @Override
  public void write(Map<String, Object> row) throws IOException, Unrepresentable {
    Map<String, Object> flat = new LinkedHashMap<>();
    Map<String, String> found = new LinkedHashMap<>();
    for (Map.Entry<String, Object> field : row.entrySet()) {
      flat.put(field.getKey(), value(field.getKey(), field.getValue(), found));
    }
    for (Map.Entry<String, String> type : found.entrySet()) {
      String before = types.get(type.getKey());
      if (before != null && !before.equals(type.getValue())) {
        throw new Unrepresentable(
            "has in \"" + type.getKey() + "\" another type than the rows before it");
      }
    }
    String json = StrictJson.write(flat);
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(json)) {
      throw new Unrepresentable("holds half a surrogate pair, which Parquet's texts can't");
    }
    types.putAll(found);
    out.write(json.getBytes(StandardCharsets.UTF_8));
    out.write('\n');
  }

  private Object value(String key, Object value, Map<String, String> found) throws Unrepresentable {
    if (value instanceof List<?> list && isMessages(key, list)) {
      ofMessages.add(key);
      found.put(key, "messages");
      return key.equals("conversations") ? list : messages.flat(list);
    }
    if (value instanceof String || value instanceof Boolean) {
      found.put(key, value instanceof Boolean ? "BOOLEAN" : "VARCHAR");
      return value;
    }
    boolean history = key.equals("history");
    found.put(key, history ? "VARCHAR[][]" : "VARCHAR");
    return history ? value : StrictJson.write(value);
  }

  private static boolean isMessages(String key, List<?> list) {
    return !key.equals("tools") && !list.isEmpty() && list.getFirst() instanceof Map<?, ?>;
  }

  @Override
  public void finish() throws IOException {
    out.close();
    try (Connection connection = DuckDb.open(List.of(rows, target));
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT * FROM read_json("
              + DuckDb.text(DuckDb.pattern(rows))
              + ", format = 'newline_delimited', maximum_object_size = 268435456, columns = {"
              + columnTypes()
              + "})) TO "
              + DuckDb.text(target.toAbsolutePath().toString())
              + " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE "
              + ROWS_PER_GROUP
              + ")");
    } catch (SQLException e) {
      throw new IOException("Parquet could not be written: " + DuckDb.what(e), e);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private String columnTypes() {
    StringJoiner list = new StringJoiner(", ");
    for (String column : columns) {
      String type = types.getOrDefault(column, "VARCHAR");
      if (ofMessages.contains(column)) {
        type =
            column.equals("conversations")
                ? "STRUCT(\"from\" VARCHAR, \"value\" VARCHAR)[]"
                : messages.type();
      }
      if (types.containsKey(column) || types.isEmpty()) {
        list.add("'" + column + "': '" + type + "'");
      }
    }
    return list.toString();
  }
}
