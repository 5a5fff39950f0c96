package dev.graft.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.InputException;
import dev.graft.bench.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChildProcessTest {
  @TempDir private Path folder;

  @BeforeEach
  void needsShell() {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell");
  }

  private ChildProcess.Ran shell(String script) throws IOException {
    return ChildProcess.run("peer", List.of("/bin/sh", "-c", script), folder.resolve("log"));
  }

  @Test
  void run_success_keepsOutputAndTime() throws IOException {
    ChildProcess.Ran ran = shell("echo one; echo two >&2; sleep 0.3");

    assertThat(folder.resolve("log")).hasContent("one\ntwo");
    assertThat(ran.seconds()).isBetween(0.3, 30.0);
  }

  @Test
  void run_allocator_getsItsSettings() throws IOException {
    shell("echo $MALLOC_MMAP_THRESHOLD_");

    assertThat(folder.resolve("log")).hasContent("4294967296");
  }

  @Test
  void run_failure_namesPeerCodeAndLastLine() {
    assertThatThrownBy(() -> shell("echo fine; echo 'no such module' >&2; exit 3"))
        .isInstanceOf(BenchException.class)
        .hasMessageStartingWith("peer failed with exit code 3: no such module (")
        .hasMessageContaining(folder.resolve("log").toString());
  }

  @Test
  void run_missingProgram_isTheUsersFault() {
    assertThatThrownBy(
            () -> ChildProcess.run("peer", List.of("/no/such/python"), folder.resolve("log")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("peer: cannot be started: /no/such/python");
  }

  @Test
  void run_memory_isThatOfTheWholeTree() throws IOException {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "needs /proc");
    long alone = shell("sleep 0.4; true").peakBytes().orElseThrow();
    long two =
        shell("sh -c 'sleep 0.4; true' & sh -c 'sleep 0.4; true' & wait").peakBytes().orElseThrow();

    assertThat(alone).isBetween(1L << 16, 1L << 26);
    assertThat(two).isGreaterThan(alone);
  }

  @Test
  void run_interrupted_endsTheChildren() throws Exception {
    Path pid = folder.resolve("pid");
    Thread thread =
        new Thread(() -> {
          try {
            shell("sleep 300 & echo $! >" + pid + ".new; mv " + pid + ".new " + pid + "; wait");
          } catch (IOException | BenchException e) {
            // what the interrupt causes
          }
        });
    thread.start();
    while (!Files.exists(pid)) {
      Thread.sleep(10);
    }
    Optional<ProcessHandle> child = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
    thread.interrupt();

    assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    assertThat(child.map(ProcessHandle::isAlive).orElse(false)).isFalse();
  }
}
