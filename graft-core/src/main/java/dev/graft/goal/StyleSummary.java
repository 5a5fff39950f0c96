package dev.graft.goal;

import java.util.List;

/**
 * What the answers of a set are like, and so what it teaches.
 *
 * @param words lengths in words
 * @param sentences lengths in sentences
 * @param forms most frequent first
 * @param openings first words, most frequent first
 * @param endings last signs, {@code none} for letters and the like; most frequent first
 * @param languages ISO 639-1 codes, {@code unknown} where a text does not say; most frequent first
 */
public record StyleSummary(
    Lengths words,
    Lengths sentences,
    List<Share> forms,
    List<Share> openings,
    List<Share> endings,
    List<Share> languages) {
  /**
   * A distribution; quantiles of lengths above 5000 are given as 5000.
   *
   * @param p5 5% are at most so long
   * @param p50 half are
   * @param p95 95% are
   * @param longest the longest
   */
  public record Lengths(int p5, int p50, int p95, int longest) {}

  /**
   * How many answers have something in common.
   *
   * @param share of all answers, from 0 to 1
   */
  public record Share(String what, long count, double share) {}
}
