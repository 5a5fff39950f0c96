package dev.graft.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a measurement was made on.
 *
 * @param processor its name
 * @param features instruction sets that matter for matrix products, those it has
 * @param cores processors that this process may use
 * @param load mean number of runnable processes in the last minute; empty where it is not known
 * @param system operating system and its release
 */
public record Machine(
    String processor, List<String> features, int cores, String load, String system) {
  private static final List<String> FEATURES =
      List.of("amx_bf16", "amx_int8", "avx512_bf16", "avx512f", "avx2", "bf16", "sve", "asimd");

  /** This machine, now. */
  public static Machine here() {
    return of(lines("/proc/cpuinfo"), lines("/proc/loadavg"));
  }

  static Machine of(List<String> cpuinfo, List<String> loadavg) {
    List<String> flags =
        value(cpuinfo, "flags")
            .or(() -> value(cpuinfo, "Features"))
            .map(text -> Arrays.asList(text.split("\\s+")))
            .orElse(List.of());
    return new Machine(
        value(cpuinfo, "model name").orElse(System.getProperty("os.arch", "unknown")),
        FEATURES.stream().filter(flags::contains).toList(),
        Runtime.getRuntime().availableProcessors(),
        loadavg.isEmpty() ? "" : loadavg.getFirst().split(" ", 2)[0],
        System.getProperty("os.name") + " " + System.getProperty("os.version"));
  }

  /** One line for a report. */
  public String line() {
    return processor
        + " ("
        + (features.isEmpty() ? "features unknown" : String.join(", ", features))
        + "), "
        + cores
        + (cores == 1 ? " core, " : " cores, ")
        + (load.isEmpty() ? "" : "load " + load + " at the start, ")
        + system;
  }

  private static Optional<String> value(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key) && line.contains(":"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }

  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file));
    } catch (IOException e) {
      return List.of(); // no Linux
    }
  }
}
