package dev.graft.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the system says of its processor. */
public final class Processor {
  private static final Path FACTS = Path.of("/proc/cpuinfo");
  private static final String NAME = "model name";

  private Processor() {}

  /** Its name as on Linux, elsewhere its architecture. */
  public static String name() {
    try (Stream<String> lines = Files.lines(FACTS)) {
      return lines
          .filter(line -> line.startsWith(NAME))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElseGet(Processor::architecture);
    } catch (IOException | RuntimeException e) {
      return architecture(); // no Linux
    }
  }

  private static String architecture() {
    return System.getProperty("os.arch", "");
  }
}
