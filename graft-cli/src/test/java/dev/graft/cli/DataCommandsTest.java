package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DataCommandsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String MODEL = TrainProcess.model("llama-tied").toString();

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(arguments, new PrintWriter(out), new PrintWriter(err));
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private String rows() throws IOException {
    return file(
        "rows.jsonl",
        """
        {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}
        {"prompt": "c", "completion": "d"}
        """);
  }

  @Test
  void show_secondRow_isPrintedWithLegend() throws IOException {
    assertThat(run("data", "show", "2", "--model", MODEL, "--data", rows())).isZero();
    assertThat(out.toString())
        .startsWith("⟦learnt⟧  ⟪special token⟫")
        .contains("rows.jsonl:2: prompt and completion, ")
        .endsWith("c⟦d⟪<|im_end|>⟫⟧\n")
        .doesNotContain("\u001b");
  }

  @Test
  void show_json_isAnObjectALine() throws IOException {
    assertThat(run("data", "show", "1-2", "--json", "--model", MODEL, "--data", rows())).isZero();
    String[] lines = out.toString().split("\\R");
    assertThat(lines).hasSize(2);
    assertThat(JSON.readTree(lines[1]).get("line").intValue()).isEqualTo(2);
  }

  @Test
  void show_colorAlways_marksInColor() throws IOException {
    run("data", "show", "--color", "always", "--model", MODEL, "--data", rows());
    assertThat(out.toString()).contains("\u001b[1;").doesNotContain("⟦");
  }

  @Test
  void show_html_isWrittenWhole() throws IOException {
    Path page = folder.resolve("page.html");
    String rows = rows();
    assertThat(
            run("data", "show", "1-2", "--html", page.toString(), "--model", MODEL, "--data", rows))
        .isZero();
    assertThat(Files.readString(page)).startsWith("<!doctype html>").endsWith("</html>\n");
    assertThat(out.toString()).isEmpty();
    assertThat(
            run("data", "show", "3", "--html", page.toString(), "--model", MODEL, "--data", rows))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(Files.readString(page)).contains("rows.jsonl:2");
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void stats_json_countsFilesTogether() throws IOException {
    String rows = rows();
    assertThat(run("data", "stats", "--quiet", "--json", "--model", MODEL, "--data", rows, rows))
        .isZero();
    JsonNode json = JSON.readTree(out.toString());
    assertThat(json.get("rows").intValue()).isEqualTo(4);
    assertThat(json.get("epoch").get("examples").intValue()).isEqualTo(4);
    assertThat(run("data", "stats", "--quiet", "--model", MODEL, "--data", rows)).isZero();
    assertThat(out.toString())
        .contains("rows                  2")
        .contains("packed, as Graft does");
  }

  @Test
  void stats_noUsableRow_isRefused() throws IOException {
    String bad = file("bad.jsonl", "{\"x\": 1}\n");
    assertThat(run("data", "stats", "--quiet", "--model", MODEL, "--data", bad))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString())
        .contains("no row can be used; the first: ")
        .contains("bad.jsonl:1: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '"',
      value = {
        "data# which command? (see graft data --help)",
        "data show --model m# Missing required option: '--data=FILE' (see graft data show --help)",
        "data show x --model m --data d# 'x' is neither a row such as 3 nor rows such as 3-7; rows"
            + " count from 1",
        "data show 1 --row 2 --model m --data d# --row: can't be given with '1'",
        "data show --row 0 --model m --data d# --row: must be a line of the file, from 1, not '0'",
        "data show --html x --json --model m --data d# --html: can't be given with --json or"
            + " --tokens",
        "data stats --max-length 3 --model m --data d# --max-length: must be a whole number from 8"
            + " to 1048576, not '3'",
        "data template# --model or --template: one of them is needed",
        "data template --template nowhere.jinja# nowhere.jinja: there is no such file",
      })
  void wrongUsage_isOneLineAndExitCode2(String line, String message) {
    assertThat(run(line.split(" "))).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString()).isEqualTo("error: " + message + System.lineSeparator());
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void template_model_printsTheRenderingAlone() {
    assertThat(run("data", "template", "--model", MODEL, "--add-generation-prompt")).isZero();
    assertThat(out.toString())
        .startsWith("<|im_start|>user\nWhat is the capital of France?<|im_end|>\n")
        .endsWith("Tokyo.<|im_end|>\n<|im_start|>assistant\n");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void template_spans_nameTheMessages() throws IOException {
    String template =
        file("t.jinja", "{{ bos_token }}{% for m in messages %}{{ m.content }}{% endfor %}");
    assertThat(run("data", "template", "--template", template, "--bos", "<s>", "--spans")).isZero();
    JsonNode json = JSON.readTree(out.toString());
    JsonNode first = json.get("spans").get(0);
    assertThat(first.get("start").intValue()).isEqualTo(3);
    assertThat(first.get("message").intValue()).isZero();
    assertThat(first.get("part").stringValue()).isEqualTo("content");
  }

  @Test
  void template_standardInput_isRead() throws IOException {
    String template = file("t.jinja", "{{ messages[0].content }}{{ x }}{{ eos_token }}");
    InputStream before = System.in;
    try {
      String input =
          "{\"messages\": [{\"role\": \"user\", \"content\": \"\\u001b[1m\"}], \"x\": 5}";
      System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
      assertThat(run("data", "template", "--template", template, "--input", "-", "--eos", "!"))
          .isZero();
    } finally {
      System.setIn(before);
    }
    assertThat(out.toString()).isEqualTo("\u001b[1m5!");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "5",
        "{}",
        "{\"messages\": 1}",
        "{\"messages\": [], \"tools\": 1}",
        "{\"messages\": [], \"add_generation_prompt\": 1}",
        "[1]",
        "[] []"
      })
  void template_wrongInput_isRefused(String input) throws IOException {
    String template = file("t.jinja", "x");
    String json = file("in.json", input);
    assertThat(run("data", "template", "--template", template, "--input", json))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString().lines()).hasSize(1);
  }

  /** What Python renders from real templates; SharedCasesTest compares all of them. */
  @Test
  void template_sharedCases_areByteExact() throws IOException {
    Path cases = Path.of("..", "..", "shared", "chat-templates", "cases.json");
    Assumptions.assumeTrue(Files.exists(cases), "the shared templates are not here");
    JsonNode root = JSON.readTree(cases.toFile());
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    int number = 0;
    for (JsonNode template : root.get("templates")) {
      String source = file("t.jinja", template.get("source").stringValue());
      for (Map.Entry<String, JsonNode> expected : template.get("expected").properties()) {
        if (number++ % 7 != 0) {
          continue;
        }
        String input = input(root, expected.getKey());
        int code =
            run("data", "template", "--template", source, "--input", input, "--now", now(root));
        JsonNode text = expected.getValue().get("text");
        boolean right =
            text == null
                ? code == ExitCode.BAD_INPUT
                : code == 0 && out.toString().equals(text.stringValue());
        if (!right) {
          wrong.add(template.get("name") + " " + expected.getKey() + ": " + err);
        }
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(100);
    assertThat(wrong).isEmpty();
  }

  private static String now(JsonNode root) {
    return root.get("strftime_now").stringValue();
  }

  private String input(JsonNode root, String name) throws IOException {
    var input = JSON.createObjectNode();
    root.get("context").properties().forEach(e -> input.set(e.getKey(), e.getValue()));
    root.get("cases").get(name).properties().forEach(e -> input.set(e.getKey(), e.getValue()));
    return file("in.json", JSON.writeValueAsString(input));
  }

  @Test
  void allows_noColor_turnsColorOff() {
    assertThat(Terminal.allows(Map.of())).isTrue();
    assertThat(Terminal.allows(Map.of("NO_COLOR", "1"))).isFalse();
    assertThat(Terminal.allows(Map.of("NO_COLOR", ""))).isTrue();
    assertThat(Terminal.allows(Map.of("TERM", "dumb"))).isFalse();
  }
}
