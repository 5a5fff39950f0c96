package dev.graft.plan;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The tokens that are trained on in one epoch.
 *
 * @param lengths number of examples by length in tokens
 * @param learnt tokens that carry loss
 * @param prefix tokens that all examples begin with, before anything is learnt
 * @param source where the numbers come from, in words
 */
public record TokenLoad(
    NavigableMap<Integer, Long> lengths, double learnt, int prefix, String source) {
  /** Tokens in examples of one length, the last one shorter. */
  public static TokenLoad of(long tokens, int length, double learntShare, String source) {
    NavigableMap<Integer, Long> lengths = new TreeMap<>();
    if (tokens / length > 0) {
      lengths.put(length, tokens / length);
    }
    if (tokens % length > 0) {
      lengths.put((int) (tokens % length), 1L);
    }
    return new TokenLoad(lengths, tokens * learntShare, 0, source);
  }

  /** Tokens of all examples. */
  public double tokens() {
    double sum = 0;
    for (Map.Entry<Integer, Long> entry : lengths.entrySet()) {
      sum += (double) entry.getKey() * entry.getValue();
    }
    return sum;
  }

  /** Tokens of the longest example. */
  public int longest() {
    return lengths.lastKey();
  }

  /** Number of examples. */
  public long examples() {
    return lengths.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The same tokens packed into sequences of {@code length}, all of them learnt. */
  TokenLoad packed(int length) {
    return of((long) tokens(), length, 1, source);
  }

  /**
   * Pairs of query and key that causal attention looks at.
   *
   * @param window keys that a query sees, itself included; 0 for all before
   * @param extra keys before the text that every query sees
   */
  double pairs(int window, int extra) {
    double sum = 0;
    for (Map.Entry<Integer, Long> entry : lengths.entrySet()) {
      double n = entry.getKey();
      double seen = window == 0 ? n : Math.min(n, window);
      // The first `seen` queries see 1, 2, …, seen keys, the others `seen` each.
      double pairs = seen * (seen + 1) / 2 + (n - seen) * seen;
      sum += entry.getValue() * (pairs + n * extra);
    }
    return sum;
  }
}
