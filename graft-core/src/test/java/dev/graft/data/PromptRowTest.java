package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PromptRowTest {
  private static final Map<String, Object> ASKS = Map.of("role", "user", "content", "Why?");

  private static PromptRow row(Map<String, Object> fields) {
    return PromptRow.of(new RawRow(Path.of("f.jsonl"), 3, fields), RowOptions.DEFAULT);
  }

  @Test
  void messages_loseTheirAnswer() {
    Map<String, Object> answer = Map.of("role", "assistant", "content", "So.");
    assertThat(row(Map.of("messages", List.of(ASKS, answer))).messages()).containsExactly(ASKS);
    assertThat(row(Map.of("messages", List.of(ASKS))).messages()).containsExactly(ASKS);
    assertThat(row(Map.of("messages", List.of(ASKS))).plain()).isFalse();
  }

  @Test
  void prompt_withAnswerOrWithout_isAMessage() {
    for (Map<String, Object> fields :
        List.<Map<String, Object>>of(
            Map.of("prompt", "Why?"), Map.of("prompt", "Why?", "completion", "So."))) {
      PromptRow row = row(fields);
      assertThat(row.messages()).containsExactly(ASKS);
      assertThat(row.text()).isEqualTo("Why?");
      assertThat(row.plain()).isTrue();
    }
  }

  @Test
  void instruction_hasInputAndSystem() {
    PromptRow row = row(Map.of("instruction", "Add.", "input", "1 2", "system", "Be short."));
    assertThat(row.messages())
        .containsExactly(
            Map.of("role", "system", "content", "Be short."),
            Map.of("role", "user", "content", "Add.\n1 2"));
    assertThat(row.plain()).isFalse();
  }

  @Test
  void rowWithoutPrompt_isRefusedWithItsLine() {
    refused(Map.of("completion", "x"), "f.jsonl:3");
    refused(Map.of("prompt", " "), "is empty");
    refused(Map.of("prompt", 7), "f.jsonl:3");
    refused(Map.of("messages", List.of()), "f.jsonl:3");
  }

  private static void refused(Map<String, Object> fields, String message) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> row(fields))
        .withMessageContaining(message);
  }
}
