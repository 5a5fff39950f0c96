package dev.graft.train.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;

/** How long this process has been there, the program that became Java in it included. */
public final class ProcessAge {
  /** Of what the kernel counts in for programs: 100 a second on every Linux that Java runs on. */
  private static final double TICKS = 100;

  /** Place of the start, in ticks since the machine's, behind the program's name. */
  private static final int START = 19;

  private ProcessAge() {}

  /** In seconds; NaN where the system does not tell. */
  public static double seconds() {
    return ofLinux().orElseGet(ProcessAge::ofSystem);
  }

  /**
   * From proc(5): both times are counted from the machine's start. What Java says of a process's
   * start is up to a second too early there, since Linux gives the machine's start in whole
   * seconds.
   */
  private static OptionalDouble ofLinux() {
    try {
      return ofLinux(
          Files.readString(Path.of("/proc/uptime")), Files.readString(Path.of("/proc/self/stat")));
    } catch (IOException e) {
      return OptionalDouble.empty(); // no Linux
    }
  }

  static OptionalDouble ofLinux(String uptime, String stat) {
    String[] now = uptime.split(" ", 2);
    // The name, in brackets, may hold blanks and brackets.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", START + 2);
    try {
      double age = Double.parseDouble(now[0]) - Long.parseLong(fields[START]) / TICKS;
      return age >= 0 ? OptionalDouble.of(age) : OptionalDouble.empty();
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return OptionalDouble.empty();
    }
  }

  private static double ofSystem() {
    return ProcessHandle.current()
        .info()
        .startInstant()
        .map(start -> Duration.between(start, Instant.now()).toMillis() / 1e3)
        .orElse(Double.NaN);
  }
}
