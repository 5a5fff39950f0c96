package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowReaderTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("d.jsonl");
  }

  @Test
  void read_byteOrderMarkCarriageReturnsAndBlankLines_arePassedOver() throws IOException {
    Files.writeString(file, "\uFEFF{\"text\":\"a\"}\r\n\r\n{\"text\":\"b\"}");
    assertThat(RowReader.read(file)).containsExactly(new Row.Text(1, "a"), new Row.Text(3, "b"));
  }

  @Test
  void read_promptAndCompletionAsMessages_isOneConversation() throws IOException {
    Files.writeString(
        file,
        "{\"prompt\":[{\"role\":\"user\",\"content\":\"a\"}],"
            + "\"completion\":[{\"role\":\"assistant\",\"content\":\"b\"}]}");
    assertThat(RowReader.read(file))
        .singleElement()
        .isInstanceOfSatisfying(Row.Chat.class, row -> assertThat(row.messages()).hasSize(2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "oops # is not JSON",
        "[{\"text\":\"a\"}] # is a JSON array",
        "[ # is a JSON array",
        "3 # is not a JSON object",
        "{\"txt\":\"a\"} # its keys are [txt]",
        "{\"text\":3} # key \"text\" is not a text",
        "{\"text\":\" \"} # key \"text\" is empty",
        "{\"text\":\"a\",\"text\":\"b\"} # Duplicate",
        "{\"messages\":[]} # not a list of messages",
        "{\"messages\":[{\"role\":\"user\",\"content\":5}]} # messages[0]: \"content\" is neither",
        "{\"messages\":[{\"role\":\"assistant\",\"content\":null}]} # has no \"content\"",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]} # is not \"assistant\"",
        "{\"prompt\":\"a\",\"completion\":[\"b\"]} # key \"completion\" is not a text",
      })
  void read_wrongRow_isRefusedByItsLine(String row, String what) throws IOException {
    Files.writeString(file, "{\"text\":\"a\"}\n" + row + "\n");
    assertRefused(file + ":2: ", what);
  }

  @Test
  void read_nestedTooDeep_isRefused() throws IOException {
    Files.writeString(file, "{\"messages\":" + "[".repeat(100_000) + "}");
    assertRefused(file + ":1: ", "nesting depth");
  }

  @Test
  void read_noUtf8OrNothing_isRefused() throws IOException {
    Files.write(file, "{\"text\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(file + ":1: ", "is not UTF-8 text");
    Files.writeString(file, "\n \n");
    assertRefused(file + ": ", "holds no rows");
    Files.delete(file);
    assertRefused(file + ": ", "there is no such file");
  }

  private void assertRefused(String start, String what) {
    assertThatThrownBy(() -> RowReader.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(start)
        .hasMessageContaining(what);
  }
}
