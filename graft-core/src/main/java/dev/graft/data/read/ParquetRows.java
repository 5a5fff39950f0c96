package dev.graft.data.read;

import dev.graft.InputException;
import dev.graft.data.RawRow;
import dev.graft.data.RowSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a Parquet file. What is null in it, because a struct must have every field in every row,
 * is left out, and so are columns of bytes.
 */
final class ParquetRows implements RowSource {
  private static final String FILE = "read_parquet(?, hive_partitioning = false)";

  private final Path file;
  private final Connection connection;
  private final PreparedStatement statement;
  private final ResultSet rows;
  private long number;
  private boolean ended;

  private ParquetRows(
      Path file, Connection connection, PreparedStatement statement, ResultSet rows) {
    this.file = file;
    this.connection = connection;
    this.statement = statement;
    this.rows = rows;
  }

  static ParquetRows open(Path file) {
    Connection connection = null;
    try {
      connection = DuckDb.open(List.of(file));
      PreparedStatement statement = connection.prepareStatement(query(connection, file));
      statement.setString(1, DuckDb.pattern(file));
      return new ParquetRows(file, connection, statement, statement.executeQuery());
    } catch (SQLException | InputException e) {
      if (connection != null) {
        close(connection);
      }
      throw e instanceof SQLException sql ? refused(file, sql) : (InputException) e;
    }
  }

  /** JSON is what all nested types of Parquet can be brought to, and what rows are made of. */
  private static String query(Connection connection, Path file) throws SQLException {
    StringJoiner columns = new StringJoiner(", ");
    try (PreparedStatement describe = connection.prepareStatement("DESCRIBE FROM " + FILE)) {
      describe.setString(1, DuckDb.pattern(file));
      try (ResultSet described = describe.executeQuery()) {
        while (described.next()) {
          // Images and the like: not text, and much of it.
          if (!described.getString("column_type").contains("BLOB")) {
            columns.add('"' + described.getString("column_name").replace("\"", "\"\"") + '"');
          }
        }
      }
    }
    if (columns.length() == 0) {
      throw InputException.in(file, "has no column that is not of bytes");
    }
    return "SELECT CAST(to_json(t) AS VARCHAR) FROM (SELECT "
        + columns
        + " FROM "
        + FILE
        + ") AS t";
  }

  @Override
  public @Nullable RawRow next() {
    if (ended) {
      return null;
    }
    try {
      if (!rows.next()) {
        ended = true;
        return null;
      }
      number++;
      return new RawRow(file, number, fields(rows.getString(1)));
    } catch (SQLException e) {
      ended = true;
      throw refused(file, e);
    }
  }

  private Map<?, ?> fields(@Nullable String json) {
    if (json == null) {
      throw InputException.at(file, number, "is null");
    }
    if (json.length() > StrictJson.LONGEST_ROW) {
      throw InputException.at(file, number, "is longer than " + StrictJson.LONGEST_ROW + " bytes");
    }
    try {
      if (withoutNull(StrictJson.parseOfTable(json)) instanceof Map<?, ?> map) {
        return map;
      }
      throw InputException.at(file, number, "is not a record");
    } catch (StrictJson.NotJson e) {
      throw InputException.at(file, number, "can't be understood: " + e.what());
    }
  }

  /** Nesting is bounded, for it came through the parser. */
  private static @Nullable Object withoutNull(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<Object, @Nullable Object> some = new LinkedHashMap<>();
        map.forEach((key, item) -> {
          if (item != null) {
            some.put(key, withoutNull(item));
          }
        });
        yield some;
      }
      case List<?> list -> {
        List<@Nullable Object> items = new ArrayList<>(list.size());
        list.forEach(item -> items.add(withoutNull(item)));
        yield items;
      }
      case null, default -> value;
    };
  }

  private static InputException refused(Path file, SQLException e) {
    String what = DuckDb.what(e);
    String name = file.toAbsolutePath().toString();
    return InputException.in(
        file, "can't be read as Parquet: " + what.replace("'" + name + "'", "it"), e);
  }

  @Override
  public boolean isCutShort() {
    return ended;
  }

  @Override
  public void close() {
    close(rows);
    close(statement);
    close(connection);
  }

  private static void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      // Nothing was written, so nothing is lost.
    }
  }
}
