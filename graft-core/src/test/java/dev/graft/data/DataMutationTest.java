package dev.graft.data;

import com.github.luben.zstd.Zstd;
import dev.graft.testing.MutationRun;
import dev.graft.testing.Mutations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged and hostile files of data in every format. */
class DataMutationTest {
  private static final String CHATS =
      """
      {"messages":[{"role":"user","content":"One, two?"},{"role":"assistant","content":"Three \\u00fc"}]}
      {"conversations":[{"from":"human","value":"t"},{"from":"function_call","value":"{\\"name\\":\\"f\\",\\"arguments\\":{}}"},{"from":"observation","value":"5"},{"from":"gpt","value":"five"}],"tools":"[]"}
      {"instruction":"a","input":"b","output":"c","history":[["d","e"]],"system":"s"}
      {"prompt":"p","chosen":"a","rejected":"b"}
      {"prompt":"p","completion":"c","label":true}
      """;

  private static final int COUNT = 600;

  @TempDir Path folder;

  private void run(String name, byte[] seed) {
    Path file = folder.resolve(name);
    MutationRun.run(
        COUNT,
        random ->
            // Of a file with a checksum, hardly anything but its head may change.
            name.endsWith(".gz") && random.nextInt(4) == 0
                ? Mutations.mutateHead(seed, 10, random)
                : Mutations.mutate(seed, random),
        input -> {
          Files.write(file, input);
          RowReader.read(file);
        });
  }

  @Test
  void layouts_mutations_areReadOrRefused() {
    run("d.jsonl", CHATS.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void json_mutations_areReadOrRefused() {
    String array = "{\"version\": 3, \"data\": [" + CHATS.strip().replace("\n", ",\n") + "]}";
    run("d.json", array.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void csv_mutations_areReadOrRefused() {
    String table =
        "prompt,completion,messages\n\"a, \"\"b\"\"\",\" c\n\",\nx,y,"
            + "\"[{\"\"role\"\":\"\"assistant\"\",\"\"content\"\":\"\"z\"\"}]\"\n";
    run("d.csv", table.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void gzip_mutations_areReadOrRefused() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(CHATS.getBytes(StandardCharsets.UTF_8));
    }
    run("d.jsonl.gz", bytes.toByteArray());
  }

  @Test
  void zstd_mutations_areReadOrRefused() {
    StringBuilder text = new StringBuilder();
    var random = new SplittableRandom(1);
    for (int i = 0; i < 3000; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    String rows = "{\"text\":\"" + text + "\"}\n";
    run("d.jsonl.zst", Zstd.compress(rows.getBytes(StandardCharsets.UTF_8)));
  }
}
