package dev.graft.model;

import java.util.Arrays;
import java.util.List;

/**
 * Examples one behind the other without padding: the tokens of a micro-batch.
 *
 * <p>Segment s holds the tokens from {@code starts[s]} to {@code starts[s + 1]}; positions and
 * attention begin anew in each, so that no example sees another.
 *
 * @param ids token ids, N
 * @param starts first token of each segment, and N at the end
 * @param learnt whether token n is to be predicted (from those before it in its segment); never
 *     true for a segment's first token, which nothing comes before
 */
public record PackedTokens(int[] ids, int[] starts, boolean[] learnt) {
  public PackedTokens {
    if (ids.length != learnt.length
        || starts.length < 2
        || starts[starts.length - 1] != ids.length) {
      throw new IllegalArgumentException("segments and tokens do not fit");
    }
    for (int s = 0; s + 1 < starts.length; s++) {
      if (starts[s] >= starts[s + 1]) {
        throw new IllegalArgumentException("segment " + s + " is empty");
      }
      if (learnt[starts[s]]) {
        throw new IllegalArgumentException("the first token of segment " + s + " can't be learnt");
      }
    }
  }

  /** One segment. */
  public static PackedTokens single(int[] ids, boolean[] learnt) {
    return new PackedTokens(ids, new int[] {0, ids.length}, learnt);
  }

  /** One segment in which every token but the first is learnt. */
  public static PackedTokens text(int... ids) {
    boolean[] learnt = new boolean[ids.length];
    Arrays.fill(learnt, 1, ids.length, true);
    return single(ids, learnt);
  }

  /** All segments of {@code parts}, one behind the other. */
  public static PackedTokens concat(List<PackedTokens> parts) {
    int total = parts.stream().mapToInt(PackedTokens::tokens).sum();
    int segments = parts.stream().mapToInt(PackedTokens::segments).sum();
    int[] ids = new int[total];
    boolean[] learnt = new boolean[total];
    int[] starts = new int[segments + 1];
    int at = 0;
    int segment = 0;
    for (PackedTokens part : parts) {
      System.arraycopy(part.ids, 0, ids, at, part.tokens());
      System.arraycopy(part.learnt, 0, learnt, at, part.tokens());
      for (int s = 0; s < part.segments(); s++) {
        starts[segment++] = at + part.starts[s];
      }
      at += part.tokens();
    }
    starts[segment] = total;
    return new PackedTokens(ids, starts, learnt);
  }

  /** Number of tokens, N. */
  public int tokens() {
    return ids.length;
  }

  /** Number of segments. */
  public int segments() {
    return starts.length - 1;
  }

  /** Length of the longest segment. */
  public int longest() {
    int longest = 0;
    for (int s = 0; s < segments(); s++) {
      longest = Math.max(longest, starts[s + 1] - starts[s]);
    }
    return longest;
  }

  /** Number of learnt tokens. */
  public int learntTokens() {
    int count = 0;
    for (boolean l : learnt) {
      count += l ? 1 : 0;
    }
    return count;
  }
}
