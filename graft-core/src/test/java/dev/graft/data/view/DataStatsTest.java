package dev.graft.data.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.ChatFormat;
import dev.graft.data.LossOn;
import dev.graft.data.RowEncoder;
import dev.graft.data.RowOptions;
import dev.graft.testing.Golden;
import dev.graft.text.ChatTemplate;
import dev.graft.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DataStatsTest {
  @TempDir Path folder;

  private DataStats read(String rows, int maxLength, int threads) throws IOException {
    Path file = Files.writeString(folder.resolve("rows.jsonl"), rows);
    Path model = Golden.path("models/llama-tied");
    try (Tokenizer tokenizer = Tokenizer.load(model)) {
      ChatFormat format =
          new ChatFormat(
              ChatTemplate.load(model).orElseThrow(), tokenizer.specialTokens().keySet());
      RowEncoder.SpecialTokens special =
          new RowEncoder.SpecialTokens(OptionalInt.empty(), tokenizer.idOf("<|im_end|>"));
      RowEncoder encoder =
          new RowEncoder(tokenizer, Optional.of(format), special, LossOn.COMPLETION);
      StatsReader reader = new StatsReader(encoder, maxLength, threads, RowOptions.DEFAULT);
      reader.read(file, rowsDone -> {}, () -> false);
      return reader.stats();
    }
  }

  /** Digits are tokens of one character each in the tiny model, so lengths can be counted. */
  private static String digits(int prompt, int completion) {
    return "{\"prompt\": \"%s\", \"completion\": \"%s\"}\n"
        .formatted("7".repeat(prompt), "1".repeat(completion));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void read_countedByHand_agrees(int threads) throws IOException {
    // Each row has one token more than its characters: the end of the text, which is learnt.
    String rows = digits(5, 4) + digits(10, 9) + "oops\n\n" + digits(300, 9) + digits(3, 6);
    DataStats stats = read(rows, 16, threads);
    assertThat(stats.rows()).isEqualTo(5);
    assertThat(stats.unusable()).isEqualTo(1);
    assertThat(stats.errors()).singleElement().asString().contains("rows.jsonl:3: is not JSON");
    assertThat(stats.tokens().total()).isEqualTo(10 + 20 + 310 + 10);
    assertThat(stats.learnt().total()).isEqualTo(5 + 10 + 10 + 7);
    assertThat(stats.tokens().quantile(0.5)).isEqualTo(10);
    assertThat(stats.tokens().quantile(0.75)).isEqualTo(20);
    assertThat(stats.tokens().longest()).isEqualTo(310);
    assertThat(stats.learntShare()).isEqualTo(32 / 350.0);
    assertThat(stats.turns()).isEqualTo(4);
    assertThat(stats.tokensPerWord()).isEqualTo(346 / 4.0);
    assertThat(stats.charactersPerToken()).isEqualTo(1);
    assertThat(stats.limits())
        .containsExactly(
            new DataStats.LimitEffect(16, 2, 1, 4 + 294, 4 + 10),
            new DataStats.LimitEffect(256, 1, 1, 54, 10),
            new DataStats.LimitEffect(512, 0, 0, 0, 0));
    // Of 16 tokens the third row has nothing to learn, so it is in no batch.
    Padding.Result padding = stats.padding().of(8, 42, stats.sharedPrefix());
    assertThat(padding.examples()).isEqualTo(3);
    assertThat(padding.tokens()).isEqualTo(10 + 16 + 10);
    assertThat(padding.padded()).isEqualTo(3 * 16);
    assertThat(padding.passes()).isEqualTo(1);
    assertThat(padding.share()).isEqualTo(0.25);
  }

  @Test
  void read_chat_countsWordsOfTheMessagesOnly() throws IOException {
    DataStats stats =
        read(
            """
            {"messages": [{"role": "user", "content": "one two"}, {"role": "assistant", "content": "three"}]}
            """,
            2048,
            2);
    assertThat(stats.messages()).isEqualTo(2);
    assertThat(stats.turns()).isEqualTo(1);
    JsonNode json =
        new JsonMapper()
            .readTree(StatsJson.of(stats, stats.padding().of(8, 42, stats.sharedPrefix())));
    long text = Math.round(json.get("tokens_per_word").doubleValue() * 3);
    assertThat(text).isPositive().isLessThan(stats.tokens().total());
    assertThat(json.get("tokens").get("p50").longValue()).isEqualTo(stats.tokens().total());
  }

  @Test
  void of_figures_fitTheWidth() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 1; i <= 40; i++) {
      rows.append(digits(i * i, i));
    }
    DataStats stats = read(rows.toString(), 2048, 2);
    String text = StatsText.of(stats, stats.padding().of(8, 42, stats.sharedPrefix()), 80);
    assertThat(text.lines().filter(line -> line.contains("█")))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    long bars = 0;
    int[] edges = StatsText.edges(stats.tokens());
    for (int i = 0; i + 1 < edges.length; i++) {
      bars += stats.tokens().between(edges[i], edges[i + 1] - 1);
    }
    assertThat(bars).isEqualTo(40);
    assertThat(text)
        .contains("--max-length")
        .contains("2048 *")
        .contains("An epoch of 40 examples");
  }
}
