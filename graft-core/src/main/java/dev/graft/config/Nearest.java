package dev.graft.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what a mistyped word was meant to be. */
public final class Nearest {
  private static final int LONGEST = 64;

  private Nearest() {}

  /**
   * The candidate with the least edit distance (insertions, deletions, replacements and swaps of
   * neighbours), if that is small against the word's length; {@code _} and case do not count.
   */
  public static Optional<String> to(String word, Collection<String> candidates) {
    String plain = word.toLowerCase(Locale.ROOT).replace('_', '-');
    if (plain.length() > LONGEST) {
      return Optional.empty();
    }
    String best = null;
    int least = Math.max(1, plain.length() / 3) + 1;
    for (String candidate : candidates) {
      int distance = distance(plain, candidate);
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }

  /** {@code ; did you mean 'x'?}, or nothing where no candidate is near. */
  public static String hint(String word, Collection<String> candidates) {
    return to(word, candidates).map(near -> "; did you mean '" + near + "'?").orElse("");
  }

  /** Optimal string alignment distance. */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 ? j : j == 0 ? i : cell(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int cell(int[][] cost, String a, String b, int i, int j) {
    int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int least = Math.min(replace, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
  }
}
