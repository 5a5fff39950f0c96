package dev.graft.data.arrange;

import dev.graft.engine.Random;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which side each row comes to.
 *
 * <p>Units are drawn in an order that depends on their content and the seed, not on their place in
 * the file, and come to the first side that still has room for all of their rows; what has no room
 * anywhere stays for training. With strata every side gets its share of each (largest remainders).
 */
final class Allotment {
  private final Units units;
  private final long seed;
  private final int[] sides;

  private Allotment(Units units, long seed) {
    this.units = units;
    this.seed = seed;
    this.sides = new int[units.rows()];
  }

  /**
   * The side of each row: i for {@code wanted.get(i − 1)}, 0 for the rest.
   *
   * @param wanted numbers of rows
   */
  static int[] of(Units units, List<Long> wanted, long seed) {
    Allotment allotment = new Allotment(units, seed);
    allotment.fill(wanted);
    return allotment.sides;
  }

  /** A unit with its place in the order, which does not depend on the order of its rows. */
  private record Drawn(long key, long hash, List<Integer> rows) {}

  private void fill(List<Long> wanted) {
    long[][] room = room(wanted);
    List<Drawn> order = new ArrayList<>();
    for (List<Integer> unit : units.all()) {
      long least = unit.stream().mapToLong(units::hash).min().orElseThrow();
      order.add(new Drawn(Random.seed(seed, least), least, unit));
    }
    order.sort(
        Comparator.comparingLong(Drawn::key)
            .thenComparingLong(Drawn::hash)
            .thenComparing(drawn -> drawn.rows.getFirst()));
    for (Drawn drawn : order) {
      int side = 0;
      for (int s = room.length; s >= 1 && side == 0; s--) {
        side = fits(drawn.rows, room[s - 1]) ? s : 0;
      }
      for (int row : drawn.rows) {
        sides[row] = side;
        if (side > 0) {
          room[side - 1][units.stratum(row)]--;
        }
      }
    }
  }

  /** A unit of one stratum keeps to its room; one of several only to that of all together. */
  private boolean fits(List<Integer> unit, long[] room) {
    int stratum = units.stratum(unit.getFirst());
    boolean one = unit.stream().allMatch(row -> units.stratum(row) == stratum);
    long left = one ? room[stratum] : IntStream.range(0, room.length).mapToLong(i -> room[i]).sum();
    return unit.size() <= left;
  }

  /** Rows of each stratum for each side. */
  private long[][] room(List<Long> wanted) {
    int strata = units.strata().size();
    long[] sizes = new long[strata];
    for (int row = 0; row < units.rows(); row++) {
      sizes[units.stratum(row)]++;
    }
    long[][] room = new long[wanted.size()][];
    for (int side = 0; side < room.length; side++) {
      room[side] = shares(wanted.get(side), sizes);
    }
    return room;
  }

  /** Divides {@code total} in proportion to {@code sizes} by largest remainders. */
  static long[] shares(long total, long[] sizes) {
    long all = Arrays.stream(sizes).sum();
    long[] shares = new long[sizes.length];
    long given = 0;
    for (int i = 0; i < sizes.length; i++) {
      shares[i] = Math.multiplyExact(total, sizes[i]) / all;
      given += shares[i];
    }
    List<Integer> order = new ArrayList<>(IntStream.range(0, sizes.length).boxed().toList());
    order.sort(Comparator.comparingLong(i -> -(total * sizes[i] % all)));
    for (int i = 0; given < total; i++, given++) {
      shares[order.get(i)]++;
    }
    return shares;
  }
}
