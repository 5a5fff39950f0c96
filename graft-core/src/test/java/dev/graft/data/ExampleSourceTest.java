package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.testing.Golden;
import dev.graft.text.ChatTemplate;
import dev.graft.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Examples of the same rows in other formats and layouts. */
class ExampleSourceTest {
  private static final Path MODEL = Golden.path("models/llama-tied");

  @TempDir private Path folder;

  private List<List<Integer>> ids(Path path, RowOptions options) {
    try (Tokenizer tokenizer = Tokenizer.load(MODEL)) {
      ChatTemplate template = ChatTemplate.load(MODEL).orElseThrow();
      return source(tokenizer, template, options).load(path).examples().stream()
          .map(example -> java.util.Arrays.stream(example.tokens().ids()).boxed().toList())
          .toList();
    }
  }

  private static ExampleSource source(
      Tokenizer tokenizer, ChatTemplate template, RowOptions options) {
    ChatFormat chat = new ChatFormat(template, tokenizer.specialTokens().keySet());
    return new ExampleSource(
        new RowEncoder(
            tokenizer,
            Optional.of(chat),
            new RowEncoder.SpecialTokens(OptionalInt.empty(), OptionalInt.of(2)),
            LossOn.COMPLETION),
        256,
        options);
  }

  @Test
  void load_sameRowsInOtherLayouts_areTheSameExamples() throws IOException {
    Path messages = folder.resolve("d.jsonl");
    Files.writeString(
        messages,
        "{\"messages\":[{\"role\":\"user\",\"content\":\"One?\"},"
            + "{\"role\":\"assistant\",\"content\":\"Two, three.\"}]}\n");
    List<List<Integer>> expected = ids(messages, RowOptions.DEFAULT);
    assertThat(expected).hasSize(1);
    Path table = Files.createDirectory(folder.resolve("f")).resolve("d.csv");
    Files.writeString(table, "q,a\nOne?,\"Two, three.\"\n");
    RowOptions mapped =
        new RowOptions(Optional.empty(), new RowMapping(Map.of("instruction", "q", "output", "a")));
    assertThat(ids(table, mapped)).isEqualTo(expected);
    assertThat(ids(table.getParent(), mapped)).isEqualTo(expected);
    Path alpaca = folder.resolve("d.json");
    Files.writeString(
        alpaca, "[{\"instruction\":\"One?\",\"input\":\"\",\"output\":\"Two, three.\"}]");
    assertThat(ids(alpaca, RowOptions.DEFAULT)).isEqualTo(expected);
  }

  @Test
  void load_answersInPairs_areRefusedWithTheirLine() throws IOException {
    Path file = folder.resolve("d.csv");
    Files.writeString(file, "prompt,chosen,rejected\na,b,c\n");
    assertThatThrownBy(() -> ids(file, RowOptions.DEFAULT))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("d.csv:2: holds a chosen and a rejected answer");
  }
}
