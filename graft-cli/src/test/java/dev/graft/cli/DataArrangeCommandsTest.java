package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DataArrangeCommandsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(arguments, new PrintWriter(out), new PrintWriter(err));
  }

  private String rows(String name, int count) throws IOException {
    Random random = new Random(1);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder text = new StringBuilder();
      for (int w = 0; w < 30; w++) {
        text.append(" w").append(random.nextInt(2000));
      }
      rows.add(
          "{\"prompt\":\"What of%s?\",\"completion\":\"%s\",\"kind\":\"%s\"}"
              .formatted(text, i, i % 4 == 0 ? "a\\u001b[31m\\nb" : "c"));
      if (i % 5 == 0) {
        rows.add(rows.getLast().replace("What of", "What then of"));
      }
    }
    return Files.write(folder.resolve(name), rows).toString();
  }

  @Test
  void split_asText_saysWhatCameWhere() throws IOException {
    String output = folder.resolve("parts").toString();
    assertThat(
            run("data", "split", rows("r.jsonl", 100), "--output", output, "--stratify-by", "kind"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString())
        .contains("train.jsonl: 108 rows")
        .contains("valid.jsonl: 12 rows")
        .contains("20 rows are nearly the same as another; they are on one side with it")
        .contains("  a [31m b: ")
        .doesNotContain("\u001b");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void split_asJson_canBeRead() throws IOException {
    String output = folder.resolve("parts").toString();
    String rows = rows("r.jsonl", 100);
    String[] command = {
      "data", "split", rows, "--output", output, "--test", "10", "--json", "--group-by", "kind"
    };
    assertThat(run(command)).isEqualTo(ExitCode.BAD_INPUT); // two groups, both too large
    assertThat(err.toString()).contains("would be empty").hasLineCount(1);
    command[9] = "completion";
    assertThat(run(command)).as(err.toString()).isZero();
    JsonNode result = JSON.readTree(out.toString());
    assertThat(result.at("/groups").asInt()).isEqualTo(100);
    assertThat(result.at("/near_duplicates").asInt()).isEqualTo(20);
    assertThat(result.at("/largest_together").asInt()).isEqualTo(2);
    assertThat(result.at("/warnings").isEmpty()).isTrue();
    assertThat(result.at("/rows").values().stream().mapToInt(JsonNode::asInt).sum()).isEqualTo(120);
  }

  @Test
  void split_thenCheck_findsNothingOfThePartsInEachOther() throws IOException {
    String output = folder.resolve("parts").toString();
    assertThat(run("data", "split", rows("r.jsonl", 200), "--output", output)).isZero();
    String model = TrainProcess.model("llama-tied").toString();
    assertThat(
            run(
                "data",
                "check",
                "--model",
                model,
                "--data",
                output + "/train.jsonl",
                "--valid",
                output + "/valid.jsonl",
                "--json"))
        .isIn(ExitCode.OK, ExitCode.BAD_INPUT);
    assertThat(out.toString())
        .contains("\"findings\"")
        .doesNotContain("valid-near-train")
        .doesNotContain("valid-in-train");
  }

  @Test
  void mix_asText_saysWhatWasTakenAndRepeated() throws IOException {
    String a = rows("a.jsonl", 20);
    String b = rows("b.jsonl", 10);
    String output = folder.resolve("mixed.jsonl").toString();
    assertThat(run("data", "mix", output, a + "=0.5", b + "=0.5", "--rows", "30"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString())
        .contains("mixed.jsonl: 30 rows")
        .contains("a.jsonl: 15 of 24")
        .contains("b.jsonl: 15 of 12, each about 1.3 times")
        .contains("12 rows of the sources stand in an earlier source too");
    assertThat(Files.readAllLines(Path.of(output))).hasSize(30);
  }

  @Test
  void mix_asJson_canBeRead() throws IOException {
    String a = rows("a.jsonl", 20);
    String output = folder.resolve("mixed.jsonl").toString();
    assertThat(run("data", "mix", output, a + "=2", "--json")).isZero();
    JsonNode result = JSON.readTree(out.toString());
    assertThat(result.at("/rows").asInt()).isEqualTo(24);
    assertThat(result.at("/sources/0/epochs").asDouble()).isEqualTo(1);
  }

  @Test
  void mix_mappedNames_areRowsOfOneKindAndStayAsTheyAre() throws IOException {
    Path a = Files.writeString(folder.resolve("a.jsonl"), "{\"q\":\"who?\",  \"a\":\"me\"}\n");
    Path b =
        Files.writeString(
            folder.resolve("b.jsonl"),
            "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"},"
                + "{\"role\":\"assistant\",\"content\":\"y\"}]}\n");
    Path output = folder.resolve("mixed.jsonl");
    String[] plain = {"data", "mix", output.toString(), a + "=1", b + "=1"};
    assertThat(run(plain)).isEqualTo(ExitCode.BAD_INPUT);
    List<String> mapped = new ArrayList<>(List.of(plain));
    mapped.addAll(List.of("--map", "instruction=q", "--map", "output=a"));
    assertThat(run(mapped.toArray(String[]::new))).as(err.toString()).isZero();
    assertThat(Files.readAllLines(output))
        .containsExactlyInAnyOrder(Files.readString(a).strip(), Files.readString(b).strip());
  }

  @Test
  void split_mappedNames_groupByWhatIsSaid() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rows.add("{\"q\":\"%d?\",\"a\":\"%s\"}".formatted(i, i % 2 == 0 ? "yes" : "no"));
    }
    Path input = Files.write(folder.resolve("r.jsonl"), rows);
    String output = folder.resolve("parts").toString();
    String[] plain = {
      "data", "split", input.toString(), "--output", output, "--stratify-by", "answer"
    };
    assertThat(run(plain)).isEqualTo(ExitCode.BAD_INPUT); // no row has an answer yet
    List<String> mapped = new ArrayList<>(List.of(plain));
    mapped.addAll(List.of("--map", "instruction=q", "--map", "output=a"));
    assertThat(run(mapped.toArray(String[]::new))).as(err.toString()).isZero();
    assertThat(out.toString()).contains("  yes: 18 + 2").contains("no rows are nearly the same");
  }

  @ParameterizedTest
  @CsvSource({
    "data split missing.jsonl --output x, missing.jsonl: there is no such file",
    "data split ROWS --output x --valid 2, would be empty",
    "data split ROWS --output x --valid 1.5, --valid: must be",
    "data split ROWS --output x --group-by no.such, :1: has no key \"no.such\"",
    "data mix x.jsonl ROWS, must be a file and a weight above 0",
    "data mix x.jsonl ROWS=0, must be a file and a weight above 0",
    "data mix x.jsonl ROWS=NaN, must be a file and a weight above 0",
    "data mix x.jsonl ROWS=1 --rows 0, --rows: must be",
    "data mix x.jsonl ROWS=1 --rows 100 --no-repeat, has 50 rows",
    "data mix x.jsonl missing.jsonl=1, missing.jsonl: there is no such file"
  })
  void wrongInput_isOneLine(String command, String message) throws IOException {
    String same =
        Files.writeString(folder.resolve("r"), "{\"text\":\"a\"}\n".repeat(50)).toString();
    String[] arguments = command.replace("ROWS", same).split(" ");
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = arguments[i].replaceFirst("^x", folder.resolve("x").toString());
    }
    assertThat(run(arguments)).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString()).startsWith("error: ").contains(message).hasLineCount(1);
    assertThat(folder.toFile().list()).containsExactly("r");
  }
}
