package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.Example;
import dev.graft.data.Row;
import dev.graft.data.RowOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Solved examples before a test row. */
class FewShotTest {
  private static final String MODEL = Path.of("..", "golden", "models", "llama-tied").toString();

  @TempDir private Path folder;
  private Path train;
  private Path test;

  @BeforeEach
  void write() throws IOException {
    train = folder.resolve("train.jsonl");
    test = folder.resolve("test.jsonl");
    Files.writeString(train, chat("a", "b") + chat("c", "d"));
    Files.writeString(test, chat("e", "f"));
  }

  private static String chat(String question, String answer) {
    return "{\"messages\": [{\"role\": \"system\", \"content\": \"s\"},"
        + " {\"role\": \"user\", \"content\": \"%s\"},".formatted(question)
        + " {\"role\": \"assistant\", \"content\": \"%s\"}]}\n".formatted(answer);
  }

  private CompareTask task(BaseModel base) {
    return CompareTask.load(
        base, new CompareFiles(train, train, test), RowOptions.DEFAULT, RunListener.SILENT);
  }

  private static BaseModel open() {
    return BaseModel.open(MODEL, (file, done, total) -> {});
  }

  private static int[] learnt(Example example) {
    List<Integer> learnt = new ArrayList<>();
    for (int i = 0; i < example.tokens().tokens(); i++) {
      if (example.tokens().learnt()[i]) {
        learnt.add(example.tokens().ids()[i]);
      }
    }
    return learnt.stream().mapToInt(i -> i).toArray();
  }

  @Test
  void of_conversations_areEarlierTurnsWithoutLoss() {
    try (BaseModel base = open()) {
      CompareTask task = task(base);
      FewShot none = FewShot.none(task);
      FewShot two = FewShot.of(task, train, RowOptions.DEFAULT, 4);
      Example plain = none.examples().getFirst();
      Example shot = two.examples().getFirst();
      assertThat(learnt(plain)).isNotEmpty();
      assertThat(learnt(shot)).as("only the last answer").isEqualTo(learnt(plain));
      assertThat(shot.tokens().tokens()).isGreaterThan(plain.tokens().tokens());
      assertThat(two.shortened()).isZero();
      String text =
          "<|im_start|>system\ns<|im_end|>\n"
              + "<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n"
              + "<|im_start|>user\nc<|im_end|>\n<|im_start|>assistant\nd<|im_end|>\n"
              + "<|im_start|>user\ne<|im_end|>\n<|im_start|>assistant\n";
      assertThat(two.prompts().getFirst()).isEqualTo(base.tokenizer().encode(text).ids());
      // The loss is about what the model goes on with behind the very prompt.
      int[] ids = shot.tokens().ids();
      int[] prompt = two.prompts().getFirst();
      assertThat(java.util.Arrays.copyOf(ids, prompt.length)).isEqualTo(prompt);
    }
  }

  @Test
  void of_moreThanTheContextHolds_takesFewer() throws IOException {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      many.append(chat("question " + i, "answer " + i));
    }
    Files.writeString(train, many);
    try (BaseModel base = open()) {
      FewShot all = FewShot.of(task(base), train, RowOptions.DEFAULT, 4);
      int context = base.spec().maxPositions();
      assertThat(all.shortened()).isEqualTo(1);
      assertThat(all.examples().getFirst().tokens().tokens())
          .isLessThanOrEqualTo(context)
          .isGreaterThan(context / 2);
      assertThat(all.prompts().getFirst().length).isLessThanOrEqualTo(context - 4);
    }
  }

  @Test
  void withShots_plainPrompts_standOneBehindTheOther() {
    Row row = new Row.Completion(1, "2+2=", "4");
    assertThat(CompareTask.withShots(row, List.of(new Row.Completion(1, "1+1=", "2"))))
        .hasValue(new Row.Completion(1, "1+1=2\n\n2+2=", "4"));
    assertThat(CompareTask.withShots(row, List.of(conversation("q", "a")))).isEmpty();
    assertThat(
            CompareTask.withShots(
                conversation("q", "a"), List.of(new Row.Completion(1, "1+1=", "2"))))
        .hasValue(
            new Row.Chat(
                1,
                List.of(
                    message("user", "1+1="),
                    message("assistant", "2"),
                    message("user", "q"),
                    message("assistant", "a")),
                List.of()));
  }

  private static Row conversation(String question, String answer) {
    return new Row.Chat(
        1, List.of(message("user", question), message("assistant", answer)), List.of());
  }

  private static Map<String, Object> message(String role, String content) {
    return Map.of("role", role, "content", content);
  }
}
