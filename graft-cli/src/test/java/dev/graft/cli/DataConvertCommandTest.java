package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class DataConvertCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  private Path input(String rows) throws IOException {
    return Files.writeString(folder.resolve("in.jsonl"), rows);
  }

  @Test
  void convert_result_isOneLineOnStandardOutput() throws IOException {
    Path input = input("{\"question\":\"a\",\"answer\":\"b\"}\n");
    Path output = folder.resolve("o.csv");
    int code =
        run("data", "convert", input.toString(), output.toString(), "--to", "alpaca", "--quiet");
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString()).isEqualTo("wrote 1 rows to " + output + System.lineSeparator());
    assertThat(Files.readString(output))
        .isEqualTo("instruction,input,output,system,history\na,,b,,\n");
  }

  @Test
  void convert_skipAndJson_saysWhatIsLeftOut() throws IOException {
    Path input = input("{\"q\":\"a\",\"a\":\"b\"}\noops\n{\"id\":1}\n");
    Path output = folder.resolve("o.jsonl");
    int code =
        run(
            "data",
            "convert",
            input.toString(),
            output.toString(),
            "--map",
            "prompt=q",
            "--map",
            "completion=a",
            "--skip",
            "--json",
            "--quiet");
    assertThat(code).isZero();
    Map<?, ?> result = new JsonMapper().readValue(out.toString(), Map.class);
    assertThat(result.get("read")).isEqualTo(3);
    assertThat(result.get("written")).isEqualTo(1);
    assertThat(result.get("skipped")).isEqualTo(2);
    assertThat(String.valueOf(result.get("first_skipped"))).contains("in.jsonl:2: is not JSON");
    assertThat(err.toString())
        .startsWith("left out: ")
        .contains("in.jsonl:2: is not JSON")
        .endsWith("(and 1 more)" + System.lineSeparator());
    assertThat(Files.readString(output)).isEqualTo("{\"prompt\":\"a\",\"completion\":\"b\"}\n");
  }

  @Test
  void convert_unrepresentable_isAnErrorWithItsLine() throws IOException {
    Path input = input("{\"text\":\"a\"}\n");
    Path output = folder.resolve("o.jsonl");
    assertThat(run("data", "convert", input.toString(), output.toString(), "--to", "messages"))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString())
        .isEqualTo(
            "error: "
                + input
                + ":1: can't be written as messages: is a plain text, so it is no conversation"
                + System.lineSeparator());
    assertThat(output).doesNotExist();
  }

  @Test
  void help_hasExample() {
    assertThat(run("data", "convert", "--help")).isZero();
    assertThat(out.toString()).contains("Example: graft data convert").contains("--map");
    assertThat(run("data", "--help")).isZero();
    assertThat(out.toString()).contains("convert");
  }
}
