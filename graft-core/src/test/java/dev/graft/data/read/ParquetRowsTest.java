package dev.graft.data.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.data.Row;
import dev.graft.data.RowReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetRowsTest {
  @TempDir private Path folder;

  private Path write(String name, String select) throws SQLException, IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY ("
              + select
              + ") TO "
              + DuckDb.text(file.toString())
              + " (FORMAT parquet, OVERWRITE_OR_IGNORE)");
    }
    return file;
  }

  @Test
  void read_structs_losesNullsOfUnification() throws SQLException, IOException {
    Path file =
        write(
            "d.parquet",
            "SELECT * FROM (VALUES (1, [{'role': 'user', 'content': 'a', 'name': 'x'},"
                + " {'role': 'assistant', 'content': 'b', 'name': NULL}], 1.5::DOUBLE, NULL),"
                + " (2, [{'role': 'user', 'content': 'c', 'name': NULL},"
                + " {'role': 'assistant', 'content': 'd', 'name': NULL}], 'nan'::DOUBLE, 't'))"
                + " AS t(id, messages, score, text)");
    List<Row> rows = RowReader.read(file);
    assertThat(rows)
        .containsExactly(
            new Row.Chat(
                1,
                List.of(
                    Map.of("role", "user", "content", "a", "name", "x"),
                    Map.of("role", "assistant", "content", "b")),
                List.of()),
            new Row.Chat(
                2,
                List.of(
                    Map.of("role", "user", "content", "c"),
                    Map.of("role", "assistant", "content", "d")),
                List.of()));
  }

  @Test
  void read_everyType_isPlain() throws SQLException, IOException {
    Path file =
        write(
            "d.parquet",
            "SELECT true AS b, 7::BIGINT AS i, 1.25::DECIMAL(5,2) AS d, MAP {'k': 1} AS m,"
                + " DATE '2020-01-02' AS day, [[1],[]] AS nested, 'x'::BLOB AS bytes, NULL AS n,"
                + " 'a\u00fc\ud83d\ude00' AS s");
    assertThat(DataFilesTest.read(file))
        .isEqualTo(
            List.of(
                Map.of(
                    "b",
                    true,
                    "i",
                    7,
                    "d",
                    1.25,
                    "m",
                    Map.of("k", 1),
                    "day",
                    "2020-01-02",
                    "nested",
                    List.of(List.of(1), List.of()),
                    "s",
                    "a\u00fc\ud83d\ude00")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a'b.parquet",
        "k=v/x'); DROP TABLE t; --.parquet",
        "s p.parquet",
        "ü.parquet",
        "data"
      })
  void open_oddName_isThatFile(String name) throws SQLException, IOException {
    assertThat(DataFilesTest.read(write(name, "SELECT 'a' AS text")))
        .isEqualTo(List.of(Map.of("text", "a")));
  }

  @Test
  void open_pattern_isNotFollowed() throws SQLException, IOException {
    Path plain = write("x1.parquet", "SELECT 'other' AS text");
    for (String name : List.of("[x]1.parquet", "x*.parquet", "x?.parquet")) {
      Path odd = Files.copy(write("o.parquet", "SELECT 'own' AS text"), folder.resolve(name));
      assertThat(DataFilesTest.read(odd)).as(name).isEqualTo(List.of(Map.of("text", "own")));
    }
    assertThat(DataFilesTest.read(plain)).isEqualTo(List.of(Map.of("text", "other")));
  }

  @Test
  void connection_seesNothingElse() throws SQLException, IOException {
    Path own = write("own.parquet", "SELECT 1 AS a");
    Path other = write("other.parquet", "SELECT 1 AS a");
    try (Connection connection = DuckDb.open(List.of(own));
        Statement statement = connection.createStatement()) {
      for (String sql :
          List.of(
              "SELECT * FROM read_parquet(" + DuckDb.text(other.toString()) + ")",
              "COPY (SELECT 1) TO " + DuckDb.text(folder.resolve("new.csv").toString()),
              "INSTALL httpfs",
              "SET enable_external_access = true")) {
        assertThatThrownBy(() -> statement.execute(sql)).as(sql).isInstanceOf(SQLException.class);
      }
    }
  }

  @Test
  void open_cutOrForeign_isRefused() throws SQLException, IOException {
    Path file = write("d.parquet", "SELECT 'a' AS text FROM range(1000)");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> RowReader.open(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ": can't be read as Parquet: ")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @Test
  void open_bytesOnly_isRefused() throws SQLException, IOException {
    Path file = write("d.parquet", "SELECT 'x'::BLOB AS \"a\"\"b\"");
    assertThatThrownBy(() -> RowReader.open(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has no column that is not of bytes");
    assertThat(DataFilesTest.read(write("e.parquet", "SELECT 'x' AS \"a\"\"b\"")))
        .isEqualTo(List.of(Map.of("a\"b", "x")));
  }

  @Test
  void open_link_isFollowed() throws SQLException, IOException {
    Path file = write("d.parquet", "SELECT 'a' AS text");
    Path link = Files.createSymbolicLink(folder.resolve("link.parquet"), file);
    assertThat(DataFilesTest.read(link)).isEqualTo(List.of(Map.of("text", "a")));
  }
}
