package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code graft compare}. */
class CompareCommandTest {
  @TempDir private Path folder;

  /** What a command printed. */
  private record Result(int code, String out, String err) {}

  @BeforeEach
  void data() throws IOException {
    TrainProcess.conversations(folder.resolve("train.jsonl"), 12, 1);
    TrainProcess.conversations(folder.resolve("valid.jsonl"), 3, 2);
    TrainProcess.conversations(folder.resolve("test.jsonl"), 4, 3);
  }

  private Result compare(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "compare",
                "--quiet",
                "--model",
                TrainProcess.model("llama-tied").toString(),
                "--data",
                folder.resolve("train.jsonl").toString(),
                "--valid",
                folder.resolve("valid.jsonl").toString(),
                "--test",
                folder.resolve("test.jsonl").toString(),
                "--output",
                folder.resolve("out").toString(),
                "--max-length",
                "96",
                "--max-new-tokens",
                "4",
                "--epochs",
                "1",
                "--precision",
                "fp32"));
    all.addAll(List.of(more));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.run(
            all.toArray(String[]::new), new PrintWriter(out, true), new PrintWriter(err, true));
    return new Result(code, out.toString(), err.toString());
  }

  private void refused(String message, String... flags) {
    Result result = compare(flags);
    assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("error: ").contains(message);
  }

  @Test
  void compare_printsTablesAnswersAndVerdict_andJsonOfTheSame() throws IOException {
    String[] asked = {
      "--strategies",
      "zero-shot,full,lora-r2",
      "--sizes",
      "4,12",
      "--seeds",
      "1",
      "--learning-rate",
      "full=1e-3",
      "--answers",
      "1"
    };
    Result result = compare(asked);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .containsPattern("(?m)^strategy +rows +loss +ROUGE-L +exact match +length ratio$")
        .containsPattern("(?m)^zero-shot +- +[0-9.]+ \\[[0-9.]+ [0-9.]+\\]")
        .containsPattern("(?m)^lora-r2 +12 +[0-9.]+ \\[[0-9.]+ [0-9.]+\\]")
        .containsPattern("(?m)^full +4 +[0-9.]+e[0-9]+ +[0-9.]+ s +[0-9.]+ MiB +82,240 ")
        .contains("  reference ", "  zero-shot ", "Verdict", "Best in loss: ")
        .endsWith("report: " + folder.resolve("out/report.html") + System.lineSeparator());

    Result again = compare(withJson(asked));
    assertThat(again.code()).as(again.err()).isZero();
    JsonNode printed = new JsonMapper().readTree(again.out());
    JsonNode written =
        new JsonMapper().readTree(Files.readString(folder.resolve("out/comparison.json")));
    assertThat(printed.at("/results")).isEqualTo(written.at("/results")).hasSize(5);
    assertThat(printed.at("/cells")).hasSize(5);
    assertThat(printed.at("/strategies/1/learning_rate").doubleValue()).isEqualTo(1e-3);
    assertThat(printed.at("/answers")).hasSize(1);
    assertThat(printed.at("/answers/0/answers")).hasSize(3);
    assertThat(printed.at("/cells/1/curve").isEmpty()).isFalse();
    assertThat(printed.at("/lineage").isNull()).isTrue();
  }

  private static String[] withJson(String... flags) {
    List<String> all = new ArrayList<>(List.of(flags));
    all.add("--json");
    return all.toArray(String[]::new);
  }

  @Test
  void compare_wrongFlags_areOneLine() {
    refused("there is no strategy 'lora-16'; did you mean 'lora-r16'?", "--strategies", "lora-16");
    refused("--sizes: 20 is more than the 12 rows", "--sizes", "4,20");
    refused("--sizes: 'x' is no positive whole number", "--sizes", "4,x");
    refused("--seeds: '0' is no positive whole number", "--seeds", "0");
    refused("--learning-rate: '2e-4' names no strategy", "--learning-rate", "2e-4");
    refused("zero-shot trains nothing", "--learning-rate", "zero-shot=1");
    refused("'time' is none of data, flops", "--equal", "time");
    refused("--budget need --equal flops", "--budget", "1e9");
    refused("--answers: -1 is less than 0", "--answers", "-1");
    refused("no.yaml: no such file", "--goal", folder.resolve("no.yaml").toString());
    assertThat(folder.resolve("out/cells")).doesNotExist();
  }
}
