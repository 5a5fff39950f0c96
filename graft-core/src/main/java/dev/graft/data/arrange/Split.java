package dev.graft.data.arrange;

import dev.graft.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Divides a data set into a part to train on and one or two parts that are held out.
 *
 * <p>Rows of a group, and rows that are nearly the same, all come to one side: else the held-out
 * loss would measure memory. Rows keep their order and their keys and values.
 */
public final class Split {
  private static final List<String> NAMES = List.of("train.jsonl", "valid.jsonl", "test.jsonl");

  private Split() {}

  /**
   * How to divide.
   *
   * @param groupBy path of a key whose values name groups; empty for none
   * @param stratifyBy path of a key of whose values each side gets its share; empty for none
   * @param keepAlike whether rows that are nearly the same stay together
   */
  public record Request(
      Path input,
      Path output,
      Quota valid,
      Optional<Quota> test,
      long seed,
      Optional<String> groupBy,
      Optional<String> stratifyBy,
      boolean keepAlike,
      boolean overwrite) {}

  /**
   * What became of it.
   *
   * @param rows of each file written
   * @param wanted rows of each held-out file that were asked for
   * @param groups number of groups
   * @param alike rows that are nearly the same as an earlier one
   * @param strata rows of each file by stratum; empty without strata
   */
  public record Result(
      Map<Path, Long> rows,
      Map<Path, Long> wanted,
      int groups,
      int alike,
      Map<String, List<Long>> strata) {}

  /**
   * Divides.
   *
   * @throws InputException where something is wrong with the input, or files are in the way
   */
  public static Result run(Request request) throws IOException {
    List<Path> files = targets(request);
    Units units = new Units();
    RawRows.forEach(
        request.input(),
        row -> {
          String text = RawRows.text(row);
          units.add(
              request.keepAlike() ? text : "",
              request.groupBy().map(path -> require(request, row, path)).orElse(""),
              request.stratifyBy().map(path -> require(request, row, path)).orElse(""),
              hash(RawRows.line(row)));
        });
    List<Long> wanted = wanted(request, units.rows());
    int[] sides = Allotment.of(units, wanted, request.seed());
    write(request.input(), files, sides);
    return result(files, wanted, units, sides, request.stratifyBy().isPresent());
  }

  private static List<Path> targets(Request request) {
    List<Path> files =
        NAMES.subList(0, request.test().isPresent() ? 3 : 2).stream()
            .map(request.output()::resolve)
            .toList();
    for (Path file : files) {
      if (Files.exists(file) && !request.overwrite()) {
        throw InputException.in(file, "exists; choose another folder, or --overwrite it");
      }
      if (Files.exists(file) && sameFile(file, request.input())) {
        throw InputException.in(file, "is the input; choose another folder");
      }
    }
    return files;
  }

  private static boolean sameFile(Path a, Path b) {
    try {
      return Files.isSameFile(a, b);
    } catch (IOException e) {
      return false;
    }
  }

  private static String require(Request request, dev.graft.data.RawRow row, String path) {
    return RawRows.at(row, path)
        .orElseThrow(
            () -> InputException.at(request.input(), row.line(), "has no key \"" + path + "\""));
  }

  private static List<Long> wanted(Request request, long rows) {
    List<Long> wanted = new ArrayList<>(List.of(request.valid().of(rows)));
    request.test().ifPresent(test -> wanted.add(test.of(rows)));
    long sum = wanted.stream().mapToLong(Long::longValue).sum();
    if (sum >= rows || wanted.contains(0L)) {
      throw InputException.in(
          request.input(),
          "has "
              + rows
              + " rows, of which "
              + sum
              + " would be held out; each part needs at least one row");
    }
    return wanted;
  }

  private static void write(Path input, List<Path> files, int[] sides) throws IOException {
    try (Parts parts = Parts.open(files)) {
      int[] row = {0};
      int count =
          RawRows.forEach(
              input,
              raw -> {
                if (row[0] >= sides.length) {
                  throw InputException.in(input, "changed while it was read");
                }
                parts.write(sides[row[0]++], RawRows.line(raw));
              });
      if (count != sides.length) {
        throw InputException.in(input, "changed while it was read");
      }
      parts.commit();
    } catch (UncheckedIOException e) {
      throw InputException.in(files.getFirst(), "cannot be written: " + e.getMessage(), e);
    }
  }

  private static Result result(
      List<Path> files, List<Long> wanted, Units units, int[] sides, boolean stratified) {
    long[] counts = new long[files.size()];
    Map<String, List<Long>> strata = new LinkedHashMap<>();
    for (int row = 0; row < sides.length; row++) {
      counts[sides[row]]++;
      if (stratified) {
        List<Long> own =
            strata.computeIfAbsent(
                units.strata().get(units.stratum(row)),
                name -> new ArrayList<>(java.util.Collections.nCopies(files.size(), 0L)));
        own.set(sides[row], own.get(sides[row]) + 1);
      }
    }
    Map<Path, Long> rows = new LinkedHashMap<>();
    Map<Path, Long> asked = new LinkedHashMap<>();
    for (int side = 0; side < files.size(); side++) {
      rows.put(files.get(side), counts[side]);
      if (side > 0) {
        asked.put(files.get(side), wanted.get(side - 1));
      }
    }
    return new Result(rows, asked, units.groups(), units.alike(), strata);
  }

  /** FNV-1a, 64 bits: the same for the same bytes on every machine. */
  private static long hash(byte[] bytes) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }
}
