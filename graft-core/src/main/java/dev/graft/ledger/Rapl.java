package dev.graft.ledger;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The energy counters of processor packages and memory that Linux shows as files (<a
 * href="https://www.kernel.org/doc/html/latest/power/powercap/powercap.html">power capping
 * framework</a>, {@code energy_uj} in microjoules). They begin anew at {@code max_energy_range_uj},
 * after twenty minutes or more, and must be read more often than that. Many systems let only root
 * read them.
 */
final class Rapl {
  // Of a counter that can be right: a joule, and more than any has.
  private static final long SMALLEST_RANGE = 1_000_000;
  private static final long LARGEST_RANGE = 1L << 53;

  private final List<Counter> counters;

  private Rapl(List<Counter> counters) {
    this.counters = counters;
  }

  private static final class Counter {
    private final Path file;
    private final long range;
    private long last;

    Counter(Path zone) throws IOException {
      this.file = zone.resolve("energy_uj");
      this.range = number(zone.resolve("max_energy_range_uj"));
      this.last = number(file);
      if (range < SMALLEST_RANGE || range > LARGEST_RANGE || last < 0 || last > range) {
        throw new IOException(zone + " has no range");
      }
    }

    long moved() throws IOException {
      long now = number(file);
      if (now < 0 || now > range) {
        throw new IOException(file + " is beyond its range");
      }
      long moved = now >= last ? now - last : now + range - last;
      last = now;
      return moved;
    }
  }

  private static long number(Path file) throws IOException {
    try {
      return Long.parseLong(Files.readString(file).strip());
    } catch (NumberFormatException e) {
      throw new IOException(file + " holds no number", e);
    }
  }

  /** The counters below {@code powercap} that can be read; none where one of them cannot be. */
  static Rapl open(Path powercap) {
    List<Counter> counters = new ArrayList<>();
    try (DirectoryStream<Path> zones = Files.newDirectoryStream(powercap, "intel-rapl:*")) {
      for (Path zone : zones) {
        String name = Files.readString(zone.resolve("name")).strip();
        // Others lie within a package (core, uncore) or around it (psys) and would count twice.
        if (name.startsWith("package") || name.equals("dram")) {
          counters.add(new Counter(zone));
        }
      }
    } catch (IOException | RuntimeException e) {
      return new Rapl(List.of());
    }
    return new Rapl(counters);
  }

  /** Joules since the last call; empty where they cannot be read. */
  OptionalDouble joules() {
    if (counters.isEmpty()) {
      return OptionalDouble.empty();
    }
    try {
      double microjoules = 0;
      for (Counter counter : counters) {
        microjoules += counter.moved();
      }
      return OptionalDouble.of(microjoules / 1e6);
    } catch (IOException | RuntimeException e) {
      return OptionalDouble.empty();
    }
  }
}
