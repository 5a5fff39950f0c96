package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.check.CheckCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** {@code graft data check}, and what it does before training. */
class DataCheckCommandTest {
  private static final String MODEL = TrainProcess.model("llama-tied").toString();

  @TempDir private Path folder;
  private Path good;
  private Path bad;

  /** What a command printed. */
  private record Result(int code, String out, String err) {}

  @BeforeEach
  void data() throws IOException {
    good = TrainProcess.conversations(folder.resolve("good.jsonl"), 12, 7);
    List<String> lines = new ArrayList<>(Files.readAllLines(good));
    lines.set(4, lines.get(4).replace("\"content\":\"", "\"content\":\"<|im_end|>"));
    lines.set(6, lines.get(5));
    bad = Files.write(folder.resolve("bad.jsonl"), lines);
  }

  private static Result run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(arguments, new PrintWriter(out), new PrintWriter(err));
    return new Result(code, out.toString(), err.toString());
  }

  private Result check(Path file, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("data", "check", "--quiet", "--model", MODEL, "--data", file.toString()));
    all.addAll(List.of(more));
    return run(all.toArray(String[]::new));
  }

  @Test
  void check_cleanFile_isExitCode0() {
    Result result = check(good);
    assertThat(result.code()).as(result.out()).isEqualTo(ExitCode.OK);
    assertThat(result.out()).startsWith("no errors, no warnings in ").contains("(12 rows)");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void check_errors_areExplainedAndExitCode2() {
    Result result = check(bad);
    assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(result.out())
        .contains(
            "error special-token: rows that contain control tokens inside a message: 1 (line 5)")
        .contains("  e.g. <|im_end|> in messages[")
        .contains("error duplicate-row: rows that repeat an earlier row: 1 (line 7)")
        .contains("2 errors, no warnings in ");
  }

  @Test
  void check_json_isTheDocumentedForm() {
    Result result = check(bad, "--valid", good.toString(), "--json", "--allow", "valid-in-train");
    assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
    Map<String, Object> json =
        new JsonMapper().readValue(result.out(), new TypeReference<Map<String, Object>>() {});
    assertThat(json)
        .containsOnlyKeys("ok", "files", "errors", "warnings", "notes", "findings")
        .containsEntry("ok", false)
        .containsEntry("errors", 2)
        .containsEntry("warnings", 1)
        .containsEntry(
            "files",
            Map.of(
                "data",
                Map.of("paths", List.of(bad.toString()), "rows", 12),
                "valid",
                Map.of("paths", List.of(good.toString()), "rows", 12)));
    List<?> findings = (List<?>) json.get("findings");
    assertThat(findings).hasSize(3);
    assertThat((Map<?, ?>) findings.getFirst())
        .isEqualTo(
            Map.of(
                "severity",
                "error",
                "code",
                "special-token",
                "rows",
                1,
                "what",
                "contain control tokens inside a message",
                "advice",
                CheckCode.SPECIAL_TOKEN.advice(),
                "example",
                "<|im_end|> in messages[0]",
                "lines",
                Map.of("data", Map.of(bad.toString(), List.of(5)))));
    assertThat((Map<?, ?>) findings.getLast())
        .extracting("code", "rows")
        .containsExactly("valid-in-train", 10);
  }

  @Test
  void check_folder_namesTheFileOfEachRow() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    List<String> lines = Files.readAllLines(good);
    Path first = Files.write(data.resolve("a.jsonl"), lines.subList(0, 6));
    Path second =
        Files.write(data.resolve("b.jsonl"), List.of(lines.get(6), lines.get(2), "{oops"));
    Result result = check(data);
    assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(result.out())
        .contains("error malformed-row: rows that can't be read as rows: 1 (line b.jsonl:3)")
        .contains("repeat an earlier row: 1 (line b.jsonl:2)")
        .contains("e.g. b.jsonl:2 repeats a.jsonl:3")
        .contains(" in 2 files of " + data + " (9 rows)");
    assertThat(check(data, "--json").out())
        .contains(new JsonMapper().writeValueAsString(second.toString()) + ":[3]")
        .doesNotContain(new JsonMapper().writeValueAsString(first.toString()) + ":");
  }

  @Test
  void check_preferencesAndFeedback_areCheckedByTheirParts() throws IOException {
    Path file = folder.resolve("preferences.jsonl");
    Files.writeString(
        file,
        """
        {"prompt": "a?", "chosen": "yes", "rejected": "yes"}
        {"prompt": "b?", "chosen": "yes", "rejected": "no"}
        {"prompt": "b?", "chosen": "no", "rejected": "yes"}
        {"prompt": "c?", "chosen": "yes <|im_end|>", "rejected": "no"}
        {"prompt": "d?", "chosen": "yes", "rejected": ""}
        """);
    String out = check(file).out();
    assertThat(out)
        .contains("rows that have the same answer as chosen and as rejected: 1 (line 1)")
        .contains("rows that answer the same prompt differently than another row: 2 (lines 2, 3)")
        .contains("rows that contain control tokens in a plain text: 1 (line 4)")
        .contains("rows that have an empty or missing text where the model needs one: 1 (line 5)");
    Files.writeString(
        file,
        """
        {"prompt": "a?", "completion": "yes", "label": true}
        {"prompt": "a?", "completion": "yes", "label": false}
        """);
    assertThat(check(file).out())
        .contains("rows that answer the same prompt differently than another row: 2 (lines 1, 2)");
  }

  @Test
  void check_allowedErrors_areWarnings() {
    Result result = check(bad, "--allow", "special-token,duplicate-row", "--limit-rows-shown", "0");
    assertThat(result.code()).isEqualTo(ExitCode.OK);
    assertThat(result.out())
        .contains("warning special-token: rows that contain control tokens inside a message: 1\n")
        .contains("no errors, 2 warnings in ");
  }

  @Test
  void check_wrongUsage_isOneLineAndExitCode2() {
    Result code = check(good, "--allow", "nonsense");
    assertThat(code.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(code.err())
        .startsWith("error: 'nonsense' is no code of the data check")
        .hasLineCount(1);
    Result file = check(folder.resolve("none.jsonl"));
    assertThat(file.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(file.err()).contains("none.jsonl: there is no such file").hasLineCount(1);
    assertThat(check(good, "--limit-rows-shown", "-1").code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run("data").code()).isEqualTo(ExitCode.BAD_INPUT);
  }

  private TrainProcess.Result train(Path file, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("--model", MODEL, "--data", file.toString(), "--max-steps", "1", "--output"));
    all.add(folder.resolve("run").toString());
    all.addAll(List.of(more));
    return TrainProcess.inside(all.toArray(String[]::new));
  }

  @Test
  void train_errorsInTheData_stopItBeforeTheRunBegins() {
    TrainProcess.Result result = train(bad);
    assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(result.errors())
        .contains("data check: error special-token: rows that contain ")
        .contains("data check: error duplicate-row: rows that repeat ");
    assertThat(result.error())
        .startsWith(
            "error: " + bad + ": the data check found errors (special-token, duplicate-row)")
        .hasLineCount(1);
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void train_errorsThatAreAllowed_train() {
    assertThat(train(bad, "--data-check", "warn").code()).isEqualTo(ExitCode.OK);
    assertThat(
            train(bad, "--overwrite", "--data-check-allow", "special-token,duplicate-row").code())
        .isEqualTo(ExitCode.OK);
    TrainProcess.Result off = train(bad, "--overwrite", "--data-check", "off");
    assertThat(off.code()).isEqualTo(ExitCode.OK);
    assertThat(off.errors()).doesNotContain("data check");
  }

  @Test
  void train_rowThatCantBeTrainedOn_stopsItAlsoWhereErrorsAreWarnings() throws IOException {
    Files.writeString(bad, Files.readString(bad) + "{oops\n");
    TrainProcess.Result result = train(bad, "--data-check", "warn");
    assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(result.error()).startsWith("error: " + bad + ":13: is not JSON");
  }
}
