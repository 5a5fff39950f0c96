package dev.graft.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** For tests that send signals to processes of their own. */
final class Signals {
  private Signals() {}

  /** Skips a test where its processes would not hear Ctrl-C. */
  static void assumeHeard() throws IOException {
    assumeTrue(Path.of("/bin/kill").toFile().exists(), "needs kill");
    assumeTrue(
        !isInterruptIgnored(), "a shell started this in the background, where Ctrl-C is ignored");
  }

  /** Processes inherit that, and Java leaves it so. */
  private static boolean isInterruptIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .map(line -> Long.parseUnsignedLong(line.substring(line.indexOf(':') + 1).strip(), 16))
        .anyMatch(ignored -> (ignored & 2) != 0);
  }
}
