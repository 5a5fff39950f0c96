package dev.graft.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of scratch files when their process ends before it is done. */
class ScratchTest {
  @TempDir private Path folder;

  /** A process that has a scratch file and a scratch folder until it is ended. */
  static final class Writer {
    private Writer() {}

    @SuppressWarnings("SystemOut") // the other process waits for it
    public static void main(String[] arguments) throws Exception {
      Path folder = Path.of(arguments[0]);
      Files.writeString(Scratch.use(folder.resolve("half")), "half");
      try (ScratchFolder work = ScratchFolder.in(folder)) {
        Files.writeString(work.path().resolve("rows"), "half");
        System.out.println("ready");
        System.in.read(); // until it is ended
      }
    }
  }

  /** A writer that has begun. */
  private Process begin() throws IOException {
    String classes = Path.of("target", "classes").toAbsolutePath().toString();
    String tests = Path.of("target", "test-classes").toAbsolutePath().toString();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes + System.getProperty("path.separator") + tests,
                Writer.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    assertThat(said.readLine()).isEqualTo("ready");
    assertThat(folder.toFile().list()).hasSize(2);
    return process;
  }

  @Test
  void process_toldToEnd_leavesNothing() throws Exception {
    Process process = begin();
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void folder_ofAKilledProcess_isDeletedByTheNext() throws Exception {
    Process process = begin();
    try (ScratchFolder mine = ScratchFolder.in(folder)) {
      assertThat(folder.toFile().list()).hasSize(3); // that of a live process stays
      assertThat(mine.path()).isDirectory();
      try (ScratchFolder other = ScratchFolder.in(folder)) {
        assertThat(folder.toFile().list()).hasSize(4); // and so does one of this process
        assertThat(other.path()).isNotEqualTo(mine.path());
      }
    }
    process.destroyForcibly().waitFor();
    assertThat(folder.toFile().list()).hasSize(2);
    try (ScratchFolder next = ScratchFolder.in(folder)) {
      assertThat(folder.toFile().list()).containsOnly("half", next.path().getFileName().toString());
    }
    assertThat(folder.toFile().list()).containsOnly("half");
  }

  @Test
  void delete_folder_takesWhatIsInIt() throws IOException {
    Path inner = Files.createDirectories(folder.resolve("a/b"));
    Files.writeString(inner.resolve("c"), "x");
    Scratch.delete(Scratch.use(folder.resolve("a")));
    Scratch.delete(folder.resolve("gone"));
    assertThat(folder).isEmptyDirectory();
  }
}
