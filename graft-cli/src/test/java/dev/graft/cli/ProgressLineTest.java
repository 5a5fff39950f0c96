package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long millis;

  @Test
  void terminal_line_isWrittenOver() {
    try (ProgressLine line = line(ProgressLine.Mode.TERMINAL, 20)) {
      line.update("step 1");
      line.update("too soon");
      millis += 100;
      line.update("a text that is longer than the line\n");
      line.message("note");
      millis += 100;
      line.update("step 3");
      line.update("step 4");
    }
    assertThat(shown())
        .isEqualTo(
            "\rstep 1\u001b[K\ra text that is lon…\u001b[K\r\u001b[Knote\n"
                + "\rstep 3\u001b[K\rstep 4\u001b[K\n");
  }

  @Test
  void plain_lines_comeEveryTenSecondsAndAtTheEnd() {
    try (ProgressLine line = line(ProgressLine.Mode.PLAIN, 20)) {
      for (int step = 0; step <= 25; step++) {
        line.update("step " + step);
        millis += 1000;
      }
    }
    assertThat(shown()).isEqualTo("step 0\nstep 10\nstep 20\nstep 25\n");
  }

  @Test
  void quiet_onlyMessages() {
    try (ProgressLine line = line(ProgressLine.Mode.QUIET, 20)) {
      line.update("step");
      line.message("stopping");
    }
    assertThat(shown()).isEqualTo("stopping\n");
  }

  private ProgressLine line(ProgressLine.Mode mode, int columns) {
    PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return new ProgressLine(stream, mode, columns, () -> millis * 1_000_000);
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
