package dev.graft.text.bpe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.data.RowOptions;
import dev.graft.data.documents.Documents;
import dev.graft.run.RunListener;
import dev.graft.run.TokenizerTrainRun;
import dev.graft.text.ChatInput;
import dev.graft.text.ChatTemplate;
import dev.graft.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BpeTrainerTest {
  private static final Path RESOURCES = Path.of("src/test/resources/bpe");
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  /** References by golden/make_bpe.py. */
  @ParameterizedTest
  @CsvSource({"gpt2, GPT2, 900, 2", "digits, DIGITS, 700, 2", "all, GPT2, 100000, 0"})
  void train_ofCorpus_equalsTokenizersLibrary(
      String reference, WordSplit split, int size, long least) throws IOException {
    BpeVocabulary ours = train(RESOURCES.resolve("corpus.txt"), split, size, least);
    JsonNode theirs = JSON.readTree(Files.readAllBytes(RESOURCES.resolve(reference + ".json")));
    JsonNode made = JSON.readTree(TokenizerFiles.tokenizerJson(ours));
    assertThat(made.get("model")).isEqualTo(theirs.get("model"));
    assertThat(made.get("added_tokens")).isEqualTo(theirs.get("added_tokens"));
    assertThat(made.get("pre_tokenizer")).isEqualTo(theirs.get("pre_tokenizer"));
  }

  @Test
  void tokenizerJson_loadedByTheNativeLibrary_splitsWordsAsInTraining() throws IOException {
    for (WordSplit split : WordSplit.values()) {
      BpeVocabulary trained = train(RESOURCES.resolve("corpus.txt"), split, 700, 2);
      TokenizerFiles.write(folder, trained);
      String text = "It's 1998,  and\n\n they'd 3,141 of them \t größer 日本語ⅷ½ x\u0085y";
      try (Tokenizer tokenizer = Tokenizer.load(folder)) {
        StringBuilder joined = new StringBuilder();
        split.split(
            text,
            word -> {
              joined.append(word);
              int[] alone = tokenizer.encode(word).ids();
              assertThat(tokenizer.decode(alone, false)).isEqualTo(word);
            });
        assertThat(joined).hasToString(text);
        assertThat(tokenizer.encode(text + "<|endoftext|>").ids()).endsWith(0);
      }
    }
  }

  @Test
  void train_wordsBeyondTheLimit_keepsTheFrequentOnes() {
    WordCounts counts = new WordCounts(WordSplit.GPT2, 100);
    for (int i = 0; i < 1000; i++) {
      counts.add("often " + Integer.toString(i, 36) + "q often");
    }
    assertThat(counts.size()).isLessThanOrEqualTo(100);
    assertThat(counts.forgotten()).isPositive();
    BpeVocabulary trained = train(counts, 275, 2);
    assertThat(trained.tokens()).contains("Ġoften");
  }

  @Test
  void train_vocabularyBelowTheBytes_isRefused() {
    WordCounts counts = new WordCounts(WordSplit.GPT2, 100);
    counts.add("text");
    assertThatThrownBy(() -> train(counts, 258, 2))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("at least 259");
  }

  @Test
  void run_tokenizerThereAlready_isRefused() throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    assertThatThrownBy(() -> run(RESOURCES.resolve("corpus.txt"), 300))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--overwrite");
  }

  @Test
  void run_ofTextFile_writesWhatGraftAndTransformersLoad() throws IOException {
    assertThat(run(RESOURCES.resolve("corpus.txt"), 500).documents()).isEqualTo(21);
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      assertThat(tokenizer.vocabSize()).isEqualTo(500);
      assertThat(tokenizer.specialTokens()).containsEntry("<|im_end|>", 2);
    }
    JsonNode config = JSON.readTree(Files.readAllBytes(folder.resolve("tokenizer_config.json")));
    assertThat(config.get("eos_token").asString()).isEqualTo("<|endoftext|>");
    String rendered =
        ChatTemplate.load(folder)
            .orElseThrow()
            .render(
                new ChatInput(
                    List.of(Map.of("role", "user", "content", "Hi")), null, null, true, Map.of()))
            .text();
    assertThat(rendered).isEqualTo("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
  }

  private TokenizerTrainRun.Result run(Path data, int size) throws IOException {
    return TokenizerTrainRun.run(
            new TokenizerTrainRun.Request(
                List.of(data),
                RowOptions.DEFAULT,
                folder,
                false,
                new BpeTrainer.Request(size, 2, TokenizerFiles.SPECIAL),
                WordSplit.GPT2),
            RunListener.SILENT,
            () -> false)
        .orElseThrow();
  }

  private static BpeVocabulary train(Path corpus, WordSplit split, int size, long least) {
    WordCounts counts = new WordCounts(split, 1_000_000);
    try (Documents documents =
        new Documents(List.of(corpus), TokenizerFiles.END_OF_TEXT, RowOptions.DEFAULT)) {
      for (var piece = documents.next(); piece != null; piece = documents.next()) {
        counts.add(piece.text());
      }
    }
    return train(counts, size, least);
  }

  private static BpeVocabulary train(WordCounts counts, int size, long least) {
    return BpeTrainer.train(
        counts,
        new BpeTrainer.Request(size, least, TokenizerFiles.SPECIAL),
        done -> {},
        () -> false);
  }
}
