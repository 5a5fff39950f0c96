package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sends real signals to a process of its own. */
@Timeout(60)
class InterruptsTest {
  @BeforeEach
  void signals() throws IOException {
    Signals.assumeHeard();
  }

  @Test
  void firstSignal_workEndsAtItsStep() throws Exception {
    for (String signal : List.of("INT", "TERM")) {
      Process process = start("patient");
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        assertThat(out.readLine()).isEqualTo("working");
        send(signal, process);
        assertThat(out.readLine()).startsWith("stopping after this step");
        assertThat(out.readLine()).isEqualTo("saved");
        assertThat(process.waitFor()).isEqualTo(ExitCode.INTERRUPTED);
      }
    }
  }

  @Test
  void secondSignal_endsAtOnce() throws Exception {
    Process process = start("stubborn");
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).isEqualTo("working");
      send("INT", process);
      assertThat(out.readLine()).startsWith("stopping after this step");
      assertThat(process.waitFor(200, TimeUnit.MILLISECONDS)).isFalse();
      send("INT", process);
      assertThat(process.waitFor()).isEqualTo(ExitCode.INTERRUPTED);
      assertThat(out.readLine()).isNull();
    }
  }

  @Test
  void close_signal_isAsBefore() throws Exception {
    Process process = start("closed");
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).isEqualTo("working");
      send("INT", process);
      assertThat(process.waitFor()).isEqualTo(130);
      assertThat(out.readLine()).isNull();
    }
  }

  private static Process start(String kind) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java, "-cp", System.getProperty("java.class.path"), Work.class.getName(), kind)
        .redirectErrorStream(true)
        .start();
  }

  private static void send(String signal, Process process) throws Exception {
    assertThat(
            new ProcessBuilder("/bin/kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor())
        .isZero();
  }

  /** What the signals are sent to. */
  static final class Work {
    private Work() {}

    public static void main(String[] args) throws Exception {
      try (Interrupts interrupts = Interrupts.install(System.out::println)) {
        if (args[0].equals("closed")) {
          interrupts.close();
        }
        System.out.println("working");
        while (!interrupts.requested() || args[0].equals("stubborn")) {
          Thread.sleep(5);
        }
        System.out.println("saved");
      }
      System.exit(ExitCode.INTERRUPTED);
    }
  }
}
