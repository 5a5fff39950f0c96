package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.data.DataFormat;
import dev.graft.data.Row;
import dev.graft.data.RowMapping;
import dev.graft.data.RowOptions;
import dev.graft.data.RowReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConvertRunTest {
  private static final String CHATS =
      """
      {"messages":[{"role":"user","content":"a, \\"b\\"\\nc\\u2028"},{"role":"assistant","content":" =1+1; ü😀\\t|"}]}
      {"messages":[{"role":"system","content":"s"},{"role":"user","content":"p"},{"role":"assistant","content":"q"},{"role":"user","content":"x"},{"role":"assistant","content":"y\\r\\n"}]}
      """;
  private static final String CALLS =
      """
      {"messages":[{"role":"user","content":"t"},{"role":"assistant","content":"","tool_calls":[{"type":"function","function":{"name":"f","arguments":{"a":[1,{"b":null}]}}}]},{"role":"tool","content":"5"},{"role":"assistant","content":"five"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"default":null}}}]}
      {"messages":[{"role":"user","content":"t"},{"role":"assistant","content":"y"}]}
      """;
  private static final String PAIRS =
      """
      {"prompt":[{"role":"user","content":"p"}],"chosen":[{"role":"assistant","content":"good"}],"rejected":[{"role":"assistant","content":"bad"}]}
      """;
  private static final String JUDGED =
      """
      {"prompt":"p","completion":" c","label":true}
      {"prompt":"p","completion":" d","label":false}
      """;

  @TempDir private Path folder;

  private ConvertRun.Result convert(Path input, Path output, DataFormat to, boolean skip)
      throws IOException {
    return ConvertRun.run(
        new ConvertRun.Request(input, output, Optional.ofNullable(to), RowOptions.DEFAULT, skip),
        RunListener.SILENT,
        () -> false);
  }

  private Path input(String rows) throws IOException {
    return Files.writeString(folder.resolve("in.jsonl"), rows);
  }

  /** As the data flows: into a format and back into lines. */
  private void assertRoundTrip(String rows, String name, DataFormat to) throws IOException {
    Path input = input(rows);
    Path output = folder.resolve(name);
    convert(input, output, to, false);
    Path back = folder.resolve("back.jsonl");
    convert(output, back, null, false);
    assertThat(RowReader.read(back)).as(name + " " + to).isEqualTo(RowReader.read(input));
    Files.delete(back);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(input, output);
    }
    Files.delete(output);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "o.jsonl",
        "o.jsonl.gz",
        "o.jsonl.zst",
        "o.json",
        "o.json.gz",
        "o.csv",
        "o.csv.zst",
        "o.tsv",
        "o'[*].parquet"
      })
  void convert_everyFormat_readsBackEqual(String name) throws IOException {
    for (DataFormat to : List.of(DataFormat.MESSAGES, DataFormat.SHAREGPT, DataFormat.ALPACA)) {
      assertRoundTrip(CHATS, name, to);
    }
    assertRoundTrip(CALLS, name, DataFormat.MESSAGES);
    assertRoundTrip(CALLS, name, DataFormat.SHAREGPT);
    assertRoundTrip(PAIRS, name, null);
    assertRoundTrip(JUDGED, name, null);
    assertRoundTrip("{\"text\":\"a\\nb\"}\n{\"text\":\" c \"}\n", name, null);
    assertRoundTrip("{\"prompt\":\"\",\"completion\":\" a\"}\n", name, null);
    assertRoundTrip("{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"b\"}\n", name, null);
  }

  @Test
  void convert_preference_becomesTwoLabels() throws IOException {
    Path output = folder.resolve("o.jsonl");
    ConvertRun.Result result = convert(input(PAIRS), output, DataFormat.FEEDBACK, false);
    assertThat(result.read()).isEqualTo(1);
    assertThat(result.written()).isEqualTo(2);
    assertThat(RowReader.read(output))
        .allSatisfy(row -> assertThat(row).isInstanceOf(Row.Feedback.class))
        .extracting(row -> ((Row.Feedback) row).good())
        .containsExactly(true, false);
  }

  @Test
  void convert_keepsEachRowsLayout_exceptInTables() throws IOException {
    Path input = input(JUDGED + CHATS + "{\"text\":\"a\"}\n");
    convert(input, folder.resolve("o.jsonl"), null, false);
    assertThat(RowReader.read(folder.resolve("o.jsonl"))).isEqualTo(RowReader.read(input));
    assertThatThrownBy(() -> convert(input, folder.resolve("o.csv"), null, false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("in.jsonl:3: can't be written as feedback");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "ALPACA # {\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"b\"},{\"role\":\"assistant\",\"content\":\"c\"}]} # are not questions with one answer each",
        "ALPACA # {\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"c\"}],\"tools\":[{}]} # offers tools",
        "PROMPT_COMPLETION # {\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"c\",\"tool_calls\":[]}]} # message 2 has \"tool_calls\"",
        "PROMPT_COMPLETION # {\"messages\":[{\"role\":\"system\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"c\"}]} # has 3 messages",
        "TEXT # {\"messages\":[{\"role\":\"assistant\",\"content\":\"c\"}]} # only a model's chat template",
        "MESSAGES # {\"text\":\"a\"} # is a plain text",
        "MESSAGES # {\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"b\"} # use --to preference",
        "MESSAGES # {\"prompt\":\" \",\"completion\":\"b\"} # has an empty prompt",
        "SHAREGPT # {\"messages\":[{\"role\":\"developer\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"c\"}]} # has the role developer",
        "SHAREGPT # {\"messages\":[{\"role\":\"assistant\",\"content\":\"c\",\"reasoning_content\":\"r\"}]} # message 1 has \"reasoning_content\"",
        "PREFERENCE # {\"text\":\"a\"} # holds no pair",
        "FEEDBACK # {\"text\":\"a\"} # holds no label",
      })
  void convert_unrepresentable_isRefusedOrSkipped(DataFormat to, String row, String what)
      throws IOException {
    Path input = input("\n" + row + "\n");
    Path output = folder.resolve("o.jsonl");
    assertThatThrownBy(() -> convert(input, output, to, false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("in.jsonl:2: can't be written as " + to.word() + ": ")
        .hasMessageContaining(what);
    assertThat(output).doesNotExist();
    assertThatThrownBy(() -> convert(input, output, to, true))
        .hasMessageContaining("every row is left out");
  }

  @Test
  void convert_skip_countsAndSays() throws IOException {
    Path input = input("oops\n{\"text\":\"a\"}\n{\"id\":1}\n" + JUDGED);
    Path output = folder.resolve("o.jsonl");
    ConvertRun.Result result = convert(input, output, DataFormat.TEXT, true);
    assertThat(result.read()).isEqualTo(5);
    assertThat(result.written()).isEqualTo(1);
    assertThat(result.skipped()).isEqualTo(4);
    assertThat(result.firstSkipped().orElseThrow()).contains("in.jsonl:1: is not JSON");
    assertThat(Files.readString(output)).isEqualTo("{\"text\":\"a\"}\n");
  }

  @Test
  void convert_skipAndAFileCutShort_isAnErrorForMoreThanARowIsLost() throws IOException {
    String rows = "{\"text\":\"some words\"}\n".repeat(2000);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(rows.getBytes(StandardCharsets.UTF_8));
    }
    byte[] bytes = Arrays.copyOf(packed.toByteArray(), packed.size() - 20);
    Path data = Files.createDirectory(folder.resolve("data"));
    Path whole = Files.writeString(data.resolve("a.jsonl"), "{\"text\":\"b\"}\n{\"x\":1}\n");
    Path output = folder.resolve("o.jsonl");
    for (Path broken :
        List.of(
            Files.write(folder.resolve("cut.jsonl.gz"), bytes),
            Files.writeString(folder.resolve("cut.json"), "[{\"text\":\"a\"},{\"text\":"))) {
      assertCutShort(broken, broken);
      Files.move(broken, data.resolve(broken.getFileName()));
      assertCutShort(data, broken);
      Files.delete(data.resolve(broken.getFileName()));
    }
    Path unopened = Files.writeString(data.resolve("b.jsonl.gz"), rows);
    assertCutShort(data, unopened);
    Files.delete(unopened);
    Files.createFile(data.resolve("empty.jsonl")); // nothing is lost with it
    assertThat(convert(data, output, null, true).skipped()).isEqualTo(2);
    assertThat(convert(whole, output, null, true).skipped()).isEqualTo(1);
  }

  private void assertCutShort(Path input, Path file) {
    Path output = folder.resolve("o.jsonl");
    assertThatThrownBy(() -> convert(input, output, null, true))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(file.getFileName().toString())
        .hasMessageEndingWith("; --skip leaves out rows, not the rest of a file");
    assertThat(output).doesNotExist();
  }

  @Test
  void convert_toParquet_deletesWhatAKilledOneLeft() throws IOException {
    Path left = Files.createDirectory(folder.resolve(".graft-scratch-12345"));
    Files.createFile(left.resolve("lock"));
    Files.writeString(left.resolve("rows.parquet"), "half");
    Path other = Files.createDirectory(folder.resolve(".graft-scratch-mine"));
    Path input = input(CHATS);
    Path output = folder.resolve("o.parquet");
    convert(input, output, null, false);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(input, output, other);
    }
  }

  @Test
  void convert_halfSurrogates_areKeptInJsonAndRefusedElsewhere() throws IOException {
    Path input = input("{\"text\":\"a\\ud800b\"}\n{\"text\":\"c\"}\n");
    assertRoundTrip(Files.readString(input), "o.json", DataFormat.TEXT);
    for (String name : List.of("o.csv", "o.parquet")) {
      assertThatThrownBy(() -> convert(input, folder.resolve(name), null, false))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("in.jsonl:1: ")
          .hasMessageContaining("half a surrogate pair");
      assertThat(convert(input, folder.resolve(name), null, true).written()).isEqualTo(1);
    }
  }

  @Test
  void convert_partsInParquet_areRefused() throws IOException {
    Path input =
        input(
            "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"}]},"
                + "{\"role\":\"assistant\",\"content\":\"c\"}]}");
    assertThatThrownBy(() -> convert(input, folder.resolve("o.parquet"), null, false))
        .hasMessageContaining("message 1 has a \"content\" that is no text; use JSON lines");
  }

  @Test
  void convert_wrongTarget_isRefused() throws IOException {
    Path input = input(CHATS);
    for (String name : List.of("o", "o.txt", "o.parquet.gz", "o.jsonl.bz2")) {
      assertThatThrownBy(() -> convert(input, folder.resolve(name), null, false))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("does not say what to write");
    }
    assertThatThrownBy(() -> convert(input, input, null, false))
        .hasMessageContaining("is what is read");
    assertThatThrownBy(() -> convert(folder.resolve("gone"), folder.resolve("o.csv"), null, false))
        .hasMessageContaining("there is no such file");
    Path blocked = Files.writeString(folder.resolve("file"), "x").resolve("o.jsonl");
    assertThatThrownBy(() -> convert(input, blocked, null, false))
        .isInstanceOf(InputException.class);
  }

  @Test
  void convert_stopped_writesNothing() throws IOException {
    Path input = input(CHATS);
    Path output = Files.writeString(folder.resolve("o.jsonl"), "before");
    int[] asked = {0};
    ConvertRun.Result result =
        ConvertRun.run(
            new ConvertRun.Request(input, output, Optional.empty(), RowOptions.DEFAULT, false),
            RunListener.SILENT,
            () -> ++asked[0] > 1);
    assertThat(result.stopped()).isTrue();
    assertThat(Files.readString(output)).isEqualTo("before");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void convert_mapped_isWrittenUnderUsualNames() throws IOException {
    Path input = input("{\"q\":\"a\",\"a\":\"b\"}\n");
    Path output = folder.resolve("o.json");
    ConvertRun.run(
        new ConvertRun.Request(
            input,
            output,
            Optional.of(DataFormat.MESSAGES),
            new RowOptions(
                Optional.empty(), new RowMapping(Map.of("instruction", "q", "output", "a"))),
            false),
        RunListener.SILENT,
        () -> false);
    assertThat(Files.readString(output))
        .isEqualTo(
            "[\n{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},"
                + "{\"role\":\"assistant\",\"content\":\"b\"}]}\n]\n");
  }
}
