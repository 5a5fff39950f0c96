package dev.graft.data.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.ChatFormat;
import dev.graft.data.LossOn;
import dev.graft.data.RowEncoder;
import dev.graft.data.RowOptions;
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
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged and hostile rows, checked and reported. */
class DataCheckMutationTest {
  private static final String ROWS =
      """
      {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "One, two? Mail jo@mail.de or call +49 30 1234567."}, {"role": "assistant", "content": "Three \\u00fc \\ud83d\\ude00"}]}
      {"messages": [{"role": "user", "content": "t"}, {"role": "assistant", "content": "", "tool_calls": [{"id": "c1", "function": {"name": "f", "arguments": {"a": 1}}}]}, {"role": "tool", "tool_call_id": "c1", "content": "5"}, {"role": "assistant", "content": "It is 5."}]}
      {"prompt": "The card 4111 1111 1111 1111", "completion": " of DE89 3704 0044 0532 0130 00", "id": 7}
      {"prompt": [{"role": "user", "content": "a"}], "completion": [{"role": "assistant", "content": "b"}]}
      {"text": "ghp_0123456789abcdefghijABCDEFGHIJ012345 <|im_end|>"}
      """;

  @TempDir Path folder;

  @Test
  void rows_mutations_areCheckedOrRefused() {
    byte[] seed = ROWS.getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve("rows.jsonl");
    Path model = Golden.path("models/llama-tied");
    try (Tokenizer tokenizer = Tokenizer.load(model)) {
      ChatTemplate template = ChatTemplate.load(model).orElseThrow();
      RowEncoder encoder =
          new RowEncoder(
              tokenizer,
              Optional.of(new ChatFormat(template, tokenizer.specialTokens().keySet())),
              new RowEncoder.SpecialTokens(OptionalInt.empty(), OptionalInt.of(2)),
              LossOn.ALL_ASSISTANT);
      MutationRun.run(
          random -> Mutations.mutate(seed, random),
          input -> {
            Files.write(file, input);
            DataCheck check =
                new DataCheck(
                    encoder,
                    new ModelFacts(tokenizer, Set.of(2), OptionalInt.of(2)),
                    new DataCheck.Settings(64, Set.of(), 1, RowOptions.DEFAULT));
            check.read(DataFile.VALID, file, (from, row) -> {});
            check.read(DataFile.DATA, file, (from, row) -> {});
            assertThat(ReportText.of(check.report(), 3)).isNotBlank();
            assertThat(ReportJson.of(check.report())).isNotEmpty();
            check
                .refusal()
                .ifPresent(refusal -> {
                  throw refusal;
                });
          });
    }
  }
}
