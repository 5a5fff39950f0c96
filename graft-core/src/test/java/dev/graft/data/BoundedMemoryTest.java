package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.run.ConvertRun;
import dev.graft.run.RunListener;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files larger than the heap: read, in a Java of 48 MiB, through every format that streams. */
class BoundedMemoryTest {
  private static final int ROWS = 60_000;
  private static final String TEXT = "The quick brown fox jumps over the lazy dog. ".repeat(20);

  @TempDir private Path folder;

  /** Reads the file of its argument, in a process of its own. */
  static final class Count {
    private Count() {}

    public static void main(String[] args) throws IOException {
      Path input = Path.of(args[0]);
      ConvertRun.Result result =
          ConvertRun.run(
              new ConvertRun.Request(
                  input, Path.of(args[1]), Optional.empty(), RowOptions.DEFAULT, false),
              RunListener.SILENT,
              () -> false);
      System.out.println(result.written());
    }
  }

  private void assertConverted(Path input, String output) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx48m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Count.class.getName(),
            input.toString(),
            folder.resolve(output).toString());
    Path log = folder.resolve("log");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended in time").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readString(log)).as(input + " to " + output).isEqualTo(ROWS + "\n");
  }

  @Test
  void convert_filesLargerThanTheHeap_stream() throws IOException, InterruptedException {
    Path lines = folder.resolve("d.jsonl.gz");
    try (OutputStream out =
        new BufferedOutputStream(new GZIPOutputStream(Files.newOutputStream(lines)))) {
      byte[] row = ("{\"text\":\"" + TEXT + "\"}\n").getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < ROWS; i++) {
        out.write(row);
      }
    }
    assertConverted(lines, "d.json");
    assertThat(Files.size(folder.resolve("d.json"))).isGreaterThan(50L << 20);
    assertConverted(folder.resolve("d.json"), "d.csv.zst");
    assertConverted(folder.resolve("d.csv.zst"), "d.parquet");
    assertConverted(folder.resolve("d.parquet"), "e.jsonl.gz");
  }
}
