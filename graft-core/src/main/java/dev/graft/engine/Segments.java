package dev.graft.engine;

/**
 * Sequences packed one behind the other, each with room up to the next multiple of the kernels'
 * width where it is laid out by head, so that matrices have few different sizes: libtorch keeps a
 * compiled product for every size that it meets, some 300 kB each.
 */
public final class Segments {
  private final int[] starts;
  private final int[] rooms;

  /**
   * Segments.
   *
   * @param starts of the segments, from 0 on, and the number of all tokens
   */
  public Segments(int[] starts) {
    this.starts = starts.clone();
    this.rooms = new int[starts.length];
    for (int s = 0; s < count(); s++) {
      if (starts[0] != 0 || length(s) <= 0) {
        throw new IllegalArgumentException("starts of segments must be 0 and grow");
      }
      rooms[s + 1] = rooms[s] + padded(length(s));
    }
  }

  /** The next multiple of the kernels' width. */
  public static int padded(int length) {
    return Math.ceilDiv(length, Kernels.WIDTH) * Kernels.WIDTH;
  }

  public int count() {
    return starts.length - 1;
  }

  /** Number of all tokens, N. */
  public int tokens() {
    return starts[count()];
  }

  /** First token of a segment. */
  public int start(int segment) {
    return starts[segment];
  }

  /** Tokens of a segment. */
  public int length(int segment) {
    return starts[segment + 1] - starts[segment];
  }

  /** Tokens that a segment has room for. */
  public int room(int segment) {
    return rooms[segment + 1] - rooms[segment];
  }

  /** Tokens that the segments before this one have room for; before {@code count()}, all. */
  public int roomBefore(int segment) {
    return rooms[segment];
  }
}
