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

class TokenizerTrainCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... more) throws IOException {
    Path text = Files.writeString(folder.resolve("in.txt"), "ab ab ab\n<|endoftext|>\nabc abc\n");
    String[] arguments = {
      "tokenizer", "train", "--data", text.toString(), "--out", folder.resolve("t").toString()
    };
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return Main.run(all, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  @Test
  void train_json_saysWhatWasMade() throws IOException {
    int code = run("--vocab-size", "261", "--split", "digits", "--json", "--quiet");
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    Map<?, ?> result = new JsonMapper().readValue(out.toString(), Map.class);
    assertThat(result.get("vocabulary")).isEqualTo(261);
    assertThat(result.get("documents")).isEqualTo(2);
    assertThat(Files.readString(folder.resolve("t/tokenizer.json"))).contains("Digits");
  }

  @Test
  void train_vocabularyTooSmall_isAnInputError() throws IOException {
    assertThat(run("--vocab-size", "200", "--quiet")).isEqualTo(2);
    assertThat(err.toString()).contains("at least 259");
    assertThat(folder.resolve("t")).doesNotExist();
  }
}
