package dev.graft.plan;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The processors' own energy counters, as Linux shows them: microjoules since some start (RAPL,
 * Documentation/power/powercap in the kernel's sources).
 */
public final class Power {
  /**
   * What a core of a server or a desktop draws under load, roughly, its share of the rest included.
   */
  private static final double WATTS_PER_CORE = 10;

  private final Path root;

  /** Reads below {@code root}, usually {@code /sys/class/powercap}. */
  Power(Path root) {
    this.root = root;
  }

  /** This machine's. */
  static Power here() {
    return new Power(Path.of("/sys/class/powercap"));
  }

  /** Joules so far of all packages; empty where there is no counter that may be read. */
  OptionalDouble joules() {
    List<Path> zones = new ArrayList<>();
    // Packages alone: what lies in them (core, dram) is named intel-rapl:0:0.
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(
            root, name -> name.getFileName().toString().matches("intel-rapl:\\d+"))) {
      found.forEach(zones::add);
    } catch (IOException | DirectoryIteratorException e) {
      return OptionalDouble.empty();
    }
    double sum = 0;
    for (Path zone : zones) {
      try {
        sum += Double.parseDouble(Files.readString(zone.resolve("energy_uj")).strip()) / 1e6;
      } catch (IOException | NumberFormatException e) {
        return OptionalDouble.empty(); // readable by root alone, on most systems
      }
    }
    return zones.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(sum);
  }

  /** Begins to measure this machine. */
  public static Meter begin() {
    Power power = here();
    return new Meter(power, power.joules(), System.nanoTime());
  }

  /** A measurement that has begun. */
  public record Meter(Power power, OptionalDouble before, long began) {
    /** Mean watts since the beginning; empty where they are not known. */
    public OptionalDouble watts() {
      OptionalDouble after = power.joules();
      double seconds = (System.nanoTime() - began) / 1e9;
      // A counter that began anew in between says nothing.
      return before.isPresent() && after.orElse(-1) > before.getAsDouble()
          ? OptionalDouble.of((after.orElseThrow() - before.getAsDouble()) / seconds)
          : OptionalDouble.empty();
    }
  }

  /** A guess of the watts that so many cores draw under load. */
  public static double guess(int cores) {
    return WATTS_PER_CORE * cores;
  }
}
