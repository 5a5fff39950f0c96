package dev.graft.data.check;

import java.util.Comparator;

/**
 * Where a row stands.
 *
 * @param part which file of a folder, counted from zero; 0 for a file that was named itself
 * @param line counted from one
 */
public record Place(DataFile file, int part, long line) implements Comparable<Place> {
  private static final Comparator<Place> ORDER =
      Comparator.comparing(Place::file)
          .thenComparingInt(Place::part)
          .thenComparingLong(Place::line);
  private static final int LINE_BITS = 40;

  /** A row of a file that was named itself. */
  public Place(DataFile file, long line) {
    this(file, 0, line);
  }

  /** Part and line as one number of at least zero. */
  long packed() {
    return ((long) part << LINE_BITS) | line;
  }

  /** The place that a number stands for. */
  static Place unpacked(DataFile file, long packed) {
    return new Place(file, (int) (packed >>> LINE_BITS), packed & ((1L << LINE_BITS) - 1));
  }

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }
}
