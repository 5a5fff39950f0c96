package dev.graft.data;

import dev.graft.testing.Golden;
import dev.graft.testing.MutationRun;
import dev.graft.testing.Mutations;
import dev.graft.text.ChatTemplate;
import dev.graft.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged and hostile data rows, read, templated and encoded. */
class RowMutationTest {
  private static final String ROWS =
      """
      {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "One, two?"}, {"role": "assistant", "content": "Three \\u00fc \\ud83d\\ude00"}]}
      {"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}], "tools": [{"type": "function", "function": {"name": "f"}}]}
      {"messages": [{"role": "user", "content": "t"}, {"role": "assistant", "content": "", "tool_calls": [{"type": "function", "function": {"name": "f", "arguments": {"a": 1}}}]}, {"role": "tool", "content": "5"}, {"role": "assistant", "content": "It is 5."}]}
      {"prompt": "The sound of", "completion": " files", "id": 7}
      {"prompt": [{"role": "user", "content": "a"}], "completion": [{"role": "assistant", "content": "b"}]}
      {"text": "The quick brown fox jumps over the lazy dog."}
      """;

  @TempDir Path folder;

  @Test
  void rows_mutations_areReadOrRefused() {
    byte[] seed = ROWS.getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve("rows.jsonl");
    Path model = Golden.path("models/llama-tied");
    try (Tokenizer tokenizer = Tokenizer.load(model)) {
      ChatTemplate template = ChatTemplate.load(model).orElseThrow();
      ExampleSource source =
          new ExampleSource(
              new RowEncoder(
                  tokenizer,
                  Optional.of(new ChatFormat(template, tokenizer.specialTokens().keySet())),
                  new RowEncoder.SpecialTokens(OptionalInt.empty(), OptionalInt.of(2)),
                  LossOn.COMPLETION),
              64);
      MutationRun.run(
          random -> Mutations.mutate(seed, random),
          input -> {
            Files.write(file, input);
            source.load(file);
          });
    }
  }
}
