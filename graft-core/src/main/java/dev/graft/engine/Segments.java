package dev.graft.engine;

/**
 * Sequences packed one behind the other, each with room up to the next multiple of the kernels'
 * width where it is laid out by head, so that matrices have few different sizes: libtorch keeps a
 * compiled product for every size that it meets, some 300 kB each.
 *
 * <p>All of them may begin with the same tokens. These are there once, in the first segment; those
 * behind go on after them, so that their queries see the keys of the shared tokens before their
 * own.
 */
public final class Segments {
  private final int[] starts;
  private final int shared;
  private final int[] rooms;
  private final int[] keyRooms;

  /**
   * Segments that share nothing.
   *
   * @param starts of the segments, from 0 on, and the number of all tokens
   */
  public Segments(int[] starts) {
    this(starts, 0);
  }

  /**
   * Segments.
   *
   * @param starts of the segments' own tokens, from 0 on, and the number of all tokens
   * @param shared how many of the first segment's tokens come before those of all the others, too
   */
  public Segments(int[] starts, int shared) {
    this.starts = starts.clone();
    this.shared = shared;
    this.rooms = new int[starts.length];
    this.keyRooms = new int[starts.length];
    for (int s = 0; s < count(); s++) {
      if (starts[0] != 0 || length(s) <= 0) {
        throw new IllegalArgumentException("starts of segments must be 0 and grow");
      }
      rooms[s + 1] = rooms[s] + padded(length(s));
      keyRooms[s + 1] = keyRooms[s] + padded(keys(s));
    }
    if (shared < 0 || shared > starts[1]) {
      throw new IllegalArgumentException(shared + " tokens shared of a segment of " + starts[1]);
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

  /** First own token of a segment. */
  public int start(int segment) {
    return starts[segment];
  }

  /** Own tokens of a segment: those that have queries. */
  public int length(int segment) {
    return starts[segment + 1] - starts[segment];
  }

  /** Tokens of the first segment that come before a segment's own. */
  public int before(int segment) {
    return segment == 0 ? 0 : shared;
  }

  /** Tokens of a segment with those before its own: those that have keys. */
  public int keys(int segment) {
    return before(segment) + length(segment);
  }

  /** Queries that a segment has room for. */
  public int room(int segment) {
    return rooms[segment + 1] - rooms[segment];
  }

  /** Queries that the segments before this one have room for; before {@code count()}, all. */
  public int roomBefore(int segment) {
    return rooms[segment];
  }

  /** Keys that a segment has room for. */
  public int keyRoom(int segment) {
    return keyRooms[segment + 1] - keyRooms[segment];
  }

  /** Keys that the segments before this one have room for; before {@code count()}, all. */
  public int keyRoomBefore(int segment) {
    return keyRooms[segment];
  }

  /** Position of each token in its sequence. */
  public int[] positions() {
    int[] positions = new int[tokens()];
    for (int s = 0; s < count(); s++) {
      for (int n = starts[s]; n < starts[s + 1]; n++) {
        positions[n] = before(s) + n - starts[s];
      }
    }
    return positions;
  }
}
