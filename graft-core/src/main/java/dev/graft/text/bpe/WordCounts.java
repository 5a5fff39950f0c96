package dev.graft.text.bpe;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ObjLongConsumer;

/**
 * How often each word occurs in texts of any total length. When there are more different words than
 * memory is meant to hold, the rarest are forgotten: what a merge is chosen by are the frequent
 * ones. Until then the counts are exact.
 */
public final class WordCounts {
  private final WordSplit split;
  private final int most;
  private Map<String, Count> counts = new HashMap<>();
  private long forgotten;
  private long units;

  private static final class Count {
    long value;
  }

  /**
   * Counts nothing yet.
   *
   * @param most different words that are held at once
   */
  public WordCounts(WordSplit split, int most) {
    this.split = split;
    this.most = most;
  }

  /** Counts the words of a text; words do not reach beyond it. */
  public void add(String text) {
    units += text.length();
    split.split(text, word -> counts.computeIfAbsent(word, w -> new Count()).value++);
    for (long least = 2; counts.size() > most; least *= 2) {
      forget(least);
    }
  }

  private void forget(long least) {
    int before = counts.size();
    counts.values().removeIf(count -> count.value < least);
    forgotten += before - counts.size();
    counts = new HashMap<>(counts); // a table shrinks only by being made anew
  }

  /** How many words were forgotten; 0 while every count is exact. */
  public long forgotten() {
    return forgotten;
  }

  /** Number of different words. */
  public int size() {
    return counts.size();
  }

  /** Length of all texts in UTF-16 units. */
  public long units() {
    return units;
  }

  /** How words are told apart. */
  public WordSplit split() {
    return split;
  }

  void forEach(ObjLongConsumer<String> sink) {
    counts.forEach((word, count) -> sink.accept(word, count.value));
  }
}
