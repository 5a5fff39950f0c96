package dev.graft.train.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The most memory that this process has held. */
public final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s*([0-9]{1,15}) kB");

  private PeakMemory() {}

  /** Peak resident set size in bytes, native memory included; empty where it is not known. */
  public static OptionalLong residentBytes() {
    try {
      return residentBytes(Files.readAllLines(STATUS));
    } catch (IOException e) {
      return OptionalLong.empty(); // no Linux
    }
  }

  static OptionalLong residentBytes(List<String> status) {
    return status.stream()
        .map(PEAK::matcher)
        .filter(Matcher::matches)
        .mapToLong(matcher -> Long.parseLong(matcher.group(1)) * 1024)
        .findFirst();
  }
}
