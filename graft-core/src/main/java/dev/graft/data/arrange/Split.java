package dev.graft.data.arrange;

import dev.graft.InputException;
import dev.graft.data.RowOptions;
import dev.graft.data.duplicates.CommonEdges;
import dev.graft.io.OutputPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Divides a data set into a part to train on and one or two parts that are held out.
 *
 * <p>Rows of a group, and rows that are nearly the same, all come to one side: else the held-out
 * loss would measure memory. Rows keep their order; of files of JSON lines they are the same bytes,
 * of others they become JSON lines. Which side a row comes to depends on its content and the seed,
 * not on its place. What all rows begin or end with, and system messages, are left out when rows
 * are compared.
 */
public final class Split {
  private static final List<String> NAMES = List.of("train.jsonl", "valid.jsonl", "test.jsonl");

  private Split() {}

  /**
   * How to divide.
   *
   * @param rows how rows are understood, which are written as they stand
   * @param groupBy path of a key whose values name groups; empty for none
   * @param stratifyBy path of a key of whose values each side gets its share, {@code answer} for
   *     the answer; empty for none
   * @param keepAlike whether rows that are nearly the same stay together
   */
  public record Request(
      Path input,
      Path output,
      RowOptions rows,
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
   * @param largest rows of the largest set of rows that had to stay together
   * @param strata rows of each file by stratum; empty without strata
   */
  public record Result(
      Map<Path, Long> rows,
      Map<Path, Long> wanted,
      int groups,
      int alike,
      int largest,
      Map<String, List<Long>> strata) {

    /** What did not come out as it was wanted, a line each. */
    public List<String> warnings() {
      List<String> warnings = new ArrayList<>();
      wanted.forEach((file, rowsWanted) -> {
        long got = rows.getOrDefault(file, 0L);
        if (got != rowsWanted) {
          warnings.add(
              file + ": has " + got + " rows, not " + rowsWanted + "; more don't fit whole");
        }
        if (largest > rowsWanted) {
          warnings.add(
              file
                  + ": could not take the "
                  + largest
                  + " rows of the largest group or set of near-duplicates");
        }
      });
      return warnings;
    }
  }

  /**
   * Divides.
   *
   * @throws InputException where something is wrong with the input, or files are in the way, or
   *     can't be written
   */
  public static Result run(Request request) {
    List<String> names = NAMES.subList(0, request.test().isPresent() ? 3 : 2);
    OutputPath.checkFolder(request.output(), List.of(request.input()));
    checkTargets(request, names);
    Units units = units(request);
    List<Long> wanted = wanted(request, units.rows());
    int[] sides = Allotment.of(units, wanted, request.seed());
    Result result = result(request, names, units, wanted, sides);
    result
        .rows()
        .forEach((file, rows) -> {
          if (rows == 0) {
            throw InputException.in(
                file,
                "would be empty: the rows form sets that must stay together, of up to "
                    + units.largest()
                    + " rows; ask for more rows or another --group-by, or give"
                    + " --no-near-duplicates");
          }
        });
    write(request, names, sides);
    return result;
  }

  private static void checkTargets(Request request, List<String> names) {
    for (String name : NAMES) {
      Path file = request.output().resolve(name);
      if (!Files.exists(file)) {
        continue;
      }
      if (sameFile(file, request.input())) {
        throw InputException.in(file, "is the input; choose another folder");
      }
      if (!names.contains(name)) {
        throw InputException.in(
            file,
            "is of an earlier split, and its rows may come to train.jsonl now; remove it, give"
                + " --test, or choose another folder");
      }
      if (!request.overwrite() || Files.isDirectory(file)) {
        throw InputException.in(file, "exists; choose another folder, or --overwrite it");
      }
    }
  }

  private static boolean sameFile(Path a, Path b) {
    try {
      return Files.isSameFile(a, b);
    } catch (IOException e) {
      return false;
    }
  }

  private static Units units(Request request) {
    CommonEdges edges = new CommonEdges();
    if (request.keepAlike()) {
      StoredRows.whileTrue(
          request.input(),
          request.rows(),
          row -> {
            edges.add(row.spoken());
            return !edges.isNothing();
          });
    }
    Units units = new Units();
    StoredRows.forEach(
        request.input(),
        request.rows(),
        row ->
            units.add(
                request.input(),
                new Units.Facts(
                    request.keepAlike()
                        ? Optional.of(edges.without(row.spoken()))
                        : Optional.empty(),
                    request.groupBy().map(row::at),
                    request.stratifyBy().map(row::at).orElse(""),
                    row.hash())));
    units.joinAlike();
    return units;
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

  private static void write(Request request, List<String> names, int[] sides) {
    Path input = request.input();
    try (Parts parts = Parts.open(request.output(), names)) {
      int[] row = {0};
      int count =
          StoredRows.forEach(
              input,
              request.rows(),
              stored -> {
                if (row[0] >= sides.length) {
                  throw InputException.in(input, "changed while it was read");
                }
                parts.write(sides[row[0]++], stored.line());
              });
      if (count != sides.length) {
        throw InputException.in(input, "changed while it was read");
      }
      parts.commit();
    }
  }

  private static Result result(
      Request request, List<String> names, Units units, List<Long> wanted, int[] sides) {
    long[] counts = new long[names.size()];
    List<String> stratumNames = units.strata();
    Map<String, List<Long>> strata = new LinkedHashMap<>();
    for (int row = 0; row < sides.length; row++) {
      counts[sides[row]]++;
      if (request.stratifyBy().isPresent()) {
        List<Long> own =
            strata.computeIfAbsent(
                stratumNames.get(units.stratum(row)),
                name -> new ArrayList<>(Collections.nCopies(names.size(), 0L)));
        own.set(sides[row], own.get(sides[row]) + 1);
      }
    }
    Map<Path, Long> rows = new LinkedHashMap<>();
    Map<Path, Long> asked = new LinkedHashMap<>();
    for (int side = 0; side < names.size(); side++) {
      Path file = request.output().resolve(names.get(side));
      rows.put(file, counts[side]);
      if (side > 0) {
        asked.put(file, wanted.get(side - 1));
      }
    }
    return new Result(rows, asked, units.groups(), units.alike(), units.largest(), strata);
  }
}
