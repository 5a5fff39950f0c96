package dev.graft.data.read;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;

/**
 * Connections to DuckDB that see the files they are given and nothing else: no network, no
 * extensions, no temporary files, bounded memory. A connection has a database of its own, which
 * ends with it.
 */
public final class DuckDb {
  private static final String MEMORY = "1GB";

  private DuckDb() {}

  /**
   * A connection.
   *
   * @param files what it may read and write
   */
  public static Connection open(List<Path> files) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    properties.setProperty("threads", "1");
    Connection connection = DriverManager.getConnection("jdbc:duckdb:", properties);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET autoinstall_known_extensions = false");
      statement.execute("SET autoload_known_extensions = false");
      statement.execute("SET memory_limit = '" + MEMORY + "'");
      statement.execute("SET temp_directory = ''");
      statement.execute("SET allowed_paths = [" + allowed(files) + "]");
      statement.execute("SET enable_external_access = false");
      statement.execute("SET lock_configuration = true");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** DuckDB asks for both: the pattern it is given and the file that it finds by it. */
  private static String allowed(List<Path> files) {
    StringBuilder list = new StringBuilder();
    for (Path file : files) {
      list.append(list.isEmpty() ? "" : ", ").append(text(file.toAbsolutePath().toString()));
      list.append(", ").append(text(pattern(file)));
    }
    return list.toString();
  }

  /** A text of SQL. */
  public static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** A pattern that this file alone matches, whatever characters its name holds. */
  public static String pattern(Path file) {
    StringBuilder pattern = new StringBuilder();
    for (char c : file.toAbsolutePath().toString().toCharArray()) {
      if (c == '[' || c == '*' || c == '?') {
        pattern.append('[').append(c).append(']');
      } else {
        pattern.append(c);
      }
    }
    return pattern.toString();
  }

  /** What went wrong, in one line without DuckDB's picture of the statement. */
  public static String what(SQLException e) {
    String message = String.valueOf(e.getMessage());
    int picture = message.indexOf("\n\nLINE ");
    return Failure.oneLine(picture < 0 ? message : message.substring(0, picture));
  }
}
