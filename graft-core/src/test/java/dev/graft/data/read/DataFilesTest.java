package dev.graft.data.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import dev.graft.InputException;
import dev.graft.data.RawRow;
import dev.graft.data.RowReader;
import dev.graft.data.RowSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataFilesTest {
  @TempDir private Path folder;

  private Path write(String name, String text) throws IOException {
    return write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private Path write(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  /** Rows, and messages of what was refused. */
  static List<Object> read(Path path) {
    List<Object> rows = new ArrayList<>();
    try (RowSource source = RowReader.open(path)) {
      while (true) {
        try {
          RawRow row = source.next();
          if (row == null) {
            return rows;
          }
          rows.add(row.fields());
        } catch (InputException e) {
          rows.add(withoutFolder(e));
        }
        assertThat(rows.size()).isLessThan(1000);
      }
    } catch (InputException e) {
      rows.add(withoutFolder(e));
      return rows;
    }
  }

  private static String withoutFolder(InputException e) {
    return String.valueOf(e.getMessage()).replaceFirst("^[^:]*/", "");
  }

  static byte[] gzip(byte[] bytes) throws IOException {
    var out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  static byte[] zstd(byte[] bytes) throws IOException {
    var out = new ByteArrayOutputStream();
    try (OutputStream zstd = new ZstdOutputStream(out)) {
      zstd.write(bytes);
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"text\":\"a\"},{\"text\":\"b\"}]",
        "\uFEFF [ {\"text\":\"a\"} ,\n {\"text\":\"b\"} ] \n",
        "{\"text\":\"a\"}\n{\"text\":\"b\"}\n",
        "{\"text\":\"a\"} {\"text\":\"b\"}",
        "{\n \"text\":\"a\"\n}\n{\n \"text\":\"b\"\n}",
        "{\"data\":[{\"text\":\"a\"},{\"text\":\"b\"}]}",
        "{\"version\":\"1\",\"tags\":[\"x\",[1]],\"info\":{\"rows\":[{}]},\"rows\":[{\"text\":\"a\"},{\"text\":\"b\"}],\"n\":[]}",
      })
  void json_anyLayout_isRead(String json) throws IOException {
    List<Object> expected = List.of(Map.of("text", "a"), Map.of("text", "b"));
    assertThat(read(write("d.json", json))).isEqualTo(expected);
    assertThat(read(write("d", json))).isEqualTo(expected);
    assertThat(read(write("d.json.gz", gzip(json.getBytes(StandardCharsets.UTF_8)))))
        .isEqualTo(expected);
  }

  @Test
  void json_oneObject_isARowWhereItsKeysAreThoseOfRows() throws IOException {
    assertThat(read(write("d.json", "{\"messages\":[{\"role\":\"user\"}],\n\"id\":1}"))).hasSize(1);
    assertThat(read(write("d.json", "{\"text\":\"a\"}"))).hasSize(1);
  }

  @Test
  void json_largeContainer_isStreamed() throws IOException {
    String row = "{\"text\":\"" + "x".repeat(1000) + "\"}";
    StringBuilder text = new StringBuilder("{\"examples\":[" + row);
    for (int i = 1; i < 3000; i++) {
      text.append(",\n").append(row);
    }
    Path file = write("d.json", text + "]}");
    try (RowSource source = RowReader.open(file)) {
      long rows = 0;
      for (RawRow raw = source.next(); raw != null; raw = source.next()) {
        assertThat(raw.line()).isEqualTo(++rows);
      }
      assertThat(rows).isEqualTo(3000);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "[{\"text\":\"a\"},3,[4],{\"text\":\"b\"}] # [{text=a}, d.json:2: is not a JSON object, d.json:3: is not a JSON object, {text=b}]",
        "[{\"text\":\"a\"} {\"text\":\"b\"}] # d.json:1: is not JSON",
        "[{\"text\":\"a\"},{\"text\" # d.json:2: is not JSON: Unexpected end-of-input",
        "[{\"text\":\"a\"}] x # is not JSON",
        "[{\"text\":\"a\"}] {} # goes on behind the end of its JSON array",
        "[{\"text\":\"a\",\"text\":\"b\"}] # Duplicate",
        "{\"a\":[{\"x\":1}],\"b\":[{\"x\":2}]} # holds two arrays of objects",
        "oops # is not JSON: Unrecognized token",
      })
  void json_wrong_isRefused(String json, String what) throws IOException {
    assertThat(read(write("d.json", json)).toString()).contains(what);
  }

  @Test
  void json_deepOrLong_isRefused() throws IOException {
    assertThat(read(write("d.json", "[".repeat(100_000))).toString()).contains("nesting depth");
    assertThat(read(write("d.json", "[{\"a\":" + "[".repeat(100_000))).toString())
        .contains("nesting depth");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "prompt,completion|a,b|c,d # [{prompt=a, completion=b}, {prompt=c, completion=d}]",
        "prompt;completion|a,x;b| # [{prompt=a,x, completion=b}]",
        "prompt\tcompletion|a\tb # [{prompt=a, completion=b}]",
        "p,c||\"a,1\",\"say \"\"hi\"\"\"|\"two|lines\", x # [{p=a,1, c=say \"hi\"}, {p=two|lines, c= x}]",
        "text|a|b # [{text=a}, {text=b}]",
        "a,b|1, # [{a=1, b=}]",
        ",a|0,x # [{a=x}]",
        "a,b|1|2,3|1,2,3 # [d.csv:2: has 1 fields where the first line names 2, {a=2, b=3}, d.csv:4: has 3 fields where the first line names 2]",
        "a,b|\"x\"y,2|3,4 # [d.csv:2: something stands behind a closing quote; quotes inside are doubled, {a=3, b=4}]",
        "a,b|\"x,2|3,4 # [d.csv:2: a quote is opened and never closed]",
      })
  void csv_tables_areRead(String table, String rows) throws IOException {
    String text = table.replace('|', '\n');
    assertThat(read(write("d.csv", text)).toString()).isEqualTo(rows.replace('|', '\n'));
    assertThat(read(write("d.csv", "\uFEFF" + text.replace("\n", "\r\n"))).toString())
        .isEqualTo(rows.replace("|", "\r\n"));
    assertThat(read(write("d.csv.zst", zstd(text.getBytes(StandardCharsets.UTF_8)))).toString())
        .isEqualTo(rows.replace('|', '\n').replace("d.csv:", "d.csv.zst:"));
  }

  @Test
  void csv_messagesInACell_areMessages() throws IOException {
    String cell = "\"[{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"a\"\"}]\"";
    List<Map<String, String>> messages = List.of(Map.of("role", "user", "content", "a"));
    assertThat(read(write("d.csv", "prompt,x\n" + cell + ",\"[{\"\"a\"\":1}]\"\n")))
        .isEqualTo(List.of(Map.of("prompt", messages, "x", "[{\"a\":1}]")));
  }

  @Test
  void csv_wrongHeaderOrEncoding_isRefused() throws IOException {
    Path twice = write("d.csv", "a,a\n1,2\n");
    assertThatThrownBy(() -> RowReader.open(twice)).hasMessageContaining("two columns are called");
    Path latin = write("d.csv", "a\n\u00e9\nb\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(read(latin).toString()).contains("d.csv:2: is not UTF-8 text").contains("a=b");
  }

  @Test
  void text_file_isARow() throws IOException {
    assertThat(read(write("d.md", "\uFEFF# One\n\nTwo\n")))
        .isEqualTo(List.of(Map.of("text", "# One\n\nTwo\n")));
  }

  @Test
  void folder_filesAreReadByName_othersPassedOver() throws IOException {
    write("f/b.jsonl", "{\"text\":\"2\"}\n");
    write("f/a/x.csv", "text\n1\n");
    write("f/README.md", "about");
    write("f/.hidden.jsonl", "oops");
    write("f/picture.png", "x");
    Path at = folder.resolve("f");
    assertThat(read(at)).isEqualTo(List.of(Map.of("text", "1"), Map.of("text", "2")));
    assertThat(RowReader.files(at)).containsExactly(at.resolve("a/x.csv"), at.resolve("b.jsonl"));
    write("g/b.txt", "2");
    write("g/a.md", "1");
    assertThat(read(folder.resolve("g")))
        .isEqualTo(List.of(Map.of("text", "1"), Map.of("text", "2")));
  }

  @Test
  void folder_splitsOrNothing_isRefused() throws IOException {
    write("f/train.jsonl", "{\"text\":\"1\"}");
    write("f/valid.jsonl", "{\"text\":\"2\"}");
    assertThatThrownBy(() -> RowReader.open(folder.resolve("f")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds train.jsonl and valid.jsonl; name the one that is meant");
    Files.createDirectory(folder.resolve("g"));
    assertThatThrownBy(() -> RowReader.open(folder.resolve("g")))
        .hasMessageContaining("holds no data");
  }

  @Test
  void folder_badFile_isPassedOver() throws IOException {
    write("f/a.jsonl", "");
    write("f/b.jsonl", "{\"text\":\"2\"}");
    assertThat(read(folder.resolve("f")).toString()).isEqualTo("[a.jsonl: is empty, {text=2}]");
  }

  @Test
  void compressed_anyName_isRead() throws IOException {
    byte[] lines = "{\"text\":\"a\"}\n".getBytes(StandardCharsets.UTF_8);
    List<Object> expected = List.of(Map.of("text", "a"));
    assertThat(read(write("d.jsonl.gz", gzip(lines)))).isEqualTo(expected);
    assertThat(read(write("d.jsonl.zst", zstd(lines)))).isEqualTo(expected);
    assertThat(read(write("d.jsonl", gzip(lines)))).isEqualTo(expected);
    assertThat(read(write("D.JSONL.GZ", gzip(lines)))).isEqualTo(expected);
    byte[] two = dev.graft.testing.Mutations.join(gzip(lines), gzip(lines));
    assertThat(read(write("d.jsonl.gz", two))).hasSize(2);
    byte[] frames = dev.graft.testing.Mutations.join(zstd(lines), zstd(lines));
    assertThat(read(write("d.jsonl.zst", frames))).hasSize(2);
  }

  @Test
  void compressed_cutOrDamaged_isRefused() throws IOException {
    var random = new java.util.SplittableRandom(1);
    byte[] noise = new byte[200_000];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (byte) ('a' + random.nextInt(26));
    }
    byte[] lines =
        ("{\"text\":\"a\"}\n{\"text\":\"" + new String(noise, StandardCharsets.US_ASCII) + "\"}\n")
            .getBytes(StandardCharsets.UTF_8);
    for (byte[] whole : List.of(gzip(lines), zstd(lines))) {
      byte[] cut = Arrays.copyOf(whole, whole.length / 2);
      assertThat(read(write("d.jsonl", cut)).toString())
          .contains("d.jsonl: ends in the middle of its compressed data");
      byte[] damaged = whole.clone();
      for (int i = 20_000; i < 21_000; i++) {
        damaged[i] ^= 0x55;
      }
      assertThat(read(write("d.jsonl", damaged)).toString()).contains("d.jsonl:");
    }
    assertThatThrownBy(() -> RowReader.open(write("d.jsonl.gz", lines)))
        .hasMessageContaining("its name ends in .gz; rename it");
    assertThatThrownBy(() -> RowReader.open(write("d.jsonl.gz", gzip(gzip(lines)))))
        .hasMessageContaining("is compressed twice");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "504b0304aabb # a zip archive",
        "425a6839 # compressed by bzip2",
        "fd377a585a00 # compressed by xz",
        "53616c7465645f5f11 # encrypted",
        "50415245aa # encrypted",
        "4152524f5731 # an Arrow file",
        "fffe7b002200 # text in UTF-16",
        "7b002200610022003a003100 # text in UTF-16",
        "7b22610000002200 # binary",
        "2550444631 # a PDF",
      })
  void foreign_files_areRefusedByName(String hex, String what) throws IOException {
    for (String name : List.of("d.jsonl", "d.csv", "d.txt", "d.json", "d")) {
      Path file = write(name, java.util.HexFormat.of().parseHex(hex));
      assertThatThrownBy(() -> RowReader.open(file))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(": is " + what);
    }
  }

  @Test
  void open_emptyUnknownOrMissing_isRefused() throws IOException {
    assertThatThrownBy(() -> RowReader.open(write("d.csv", ""))).hasMessageContaining("is empty");
    assertThatThrownBy(() -> RowReader.open(write("d.jsonl.gz", gzip(new byte[0]))))
        .hasMessageContaining("is empty");
    assertThatThrownBy(() -> RowReader.open(write("d.xyz", "hello")))
        .hasMessageContaining("its name does not say what it is");
    assertThatThrownBy(() -> RowReader.open(write("d.parquet", "hello")))
        .hasMessageContaining("is not Parquet");
    assertThatThrownBy(() -> RowReader.open(folder.resolve("gone.csv")))
        .hasMessageContaining("there is no such file");
  }
}
