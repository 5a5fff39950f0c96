package dev.graft.data.duplicates;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Finds texts that share most of their runs of three words, without keeping the texts.
 *
 * <p>Each text leaves a MinHash signature (Broder 1997): of every one of 120 hash functions the
 * least value over its runs. The share of functions on which two texts agree estimates the Jaccard
 * similarity s of their sets of runs, with a standard error of {@code √(s(1 − s)/120)}. Texts
 * become candidates when they agree on all six functions of one of 20 bands (locality-sensitive
 * hashing; Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3): with probability
 * {@code 1 − (1 − s⁶)²⁰}, 0.998 for s = 0.8. Texts of fewer than eight words are compared as a
 * whole.
 *
 * <p>Memory is about 0.7 kB a text. Not for several threads at once.
 */
public final class NearDuplicates {
  private static final int BANDS = 20;
  private static final int ROWS = 6;
  private static final int FUNCTIONS = BANDS * ROWS;

  /** Candidates of one band that are looked at: texts that nothing tells apart are many. */
  private static final int MOST_CANDIDATES = 32;

  private final double threshold;
  private final long[] multipliers = new long[FUNCTIONS];
  private final long[] offsets = new long[FUNCTIONS];
  private final Shingles shingles = new Shingles();
  private final LongIndex exact = new LongIndex();
  private final LongIndex bands = new LongIndex();
  private final List<int[]> signatures = new ArrayList<>();
  private final IntList older = new IntList();
  private final IntList parents = new IntList();

  /**
   * An empty collection.
   *
   * @param threshold least Jaccard similarity of near-duplicates, above 0 and at most 1
   */
  public NearDuplicates(double threshold) {
    if (!(threshold > 0 && threshold <= 1)) {
      throw new IllegalArgumentException("a similarity of " + threshold);
    }
    this.threshold = threshold;
    SplittableRandom random = new SplittableRandom(0x6a09e667f3bcc908L);
    for (int i = 0; i < FUNCTIONS; i++) {
      multipliers[i] = random.nextLong() | 1;
      offsets[i] = random.nextLong();
    }
  }

  /** How a text is related to those before it. */
  public enum Kind {
    /** No other is like it. */
    NEW,
    /** It has the same words in the same order. */
    EXACT,
    /** It shares most of its runs of words. */
    NEAR
  }

  /**
   * A text's place among the others.
   *
   * @param other number of the text that it is like; −1 for {@link Kind#NEW}
   */
  public record Match(Kind kind, int other) {
    static final Match NONE = new Match(Kind.NEW, -1);
  }

  /** Number of texts. */
  public int size() {
    return signatures.size();
  }

  /** What the text is like, without adding it. */
  public Match find(String text) {
    shingles.read(text);
    int same = exact.get(shingles.whole());
    if (same >= 0) {
      return new Match(Kind.EXACT, same);
    }
    return shingles.comparable() ? nearest(signature()) : Match.NONE;
  }

  /**
   * Adds a text; texts are numbered from zero in the order in which they are added.
   *
   * @return what it is like among those before it
   */
  public Match add(String text) {
    int number = signatures.size();
    parents.add(number);
    shingles.read(text);
    long whole = shingles.whole();
    int same = exact.get(whole);
    if (same >= 0) {
      signatures.add(signatures.get(same));
      for (int band = 0; band < BANDS; band++) {
        older.add(-1); // its twin stands in the index already
      }
      join(number, same);
      return new Match(Kind.EXACT, same);
    }
    exact.put(whole, number);
    int[] signature = shingles.comparable() ? signature() : new int[0];
    Match match = signature.length == 0 ? Match.NONE : nearest(signature);
    signatures.add(signature);
    for (int band = 0; band < BANDS; band++) {
      older.add(signature.length == 0 ? -1 : bands.put(key(signature, band), number));
    }
    if (match.kind() == Kind.NEAR) {
      join(number, match.other());
    }
    return match;
  }

  /** The first of the texts that are, directly or by way of others, like this one. */
  public int cluster(int number) {
    int root = number;
    while (parents.get(root) != root) {
      root = parents.get(root);
    }
    parents.set(number, root);
    return root;
  }

  private void join(int number, int other) {
    int a = cluster(number);
    int b = cluster(other);
    parents.set(Math.max(a, b), Math.min(a, b));
  }

  /** The most similar candidate; all that are similar enough come into one cluster by it. */
  private Match nearest(int[] signature) {
    int best = -1;
    int most = (int) Math.ceil(threshold * FUNCTIONS - 1e-9);
    for (int band = 0; band < BANDS; band++) {
      int other = bands.get(key(signature, band));
      for (int looked = 0; other >= 0 && looked < MOST_CANDIDATES; looked++) {
        int agree = agreement(signature, signatures.get(other));
        if (agree > most || (agree == most && best < 0)) {
          most = agree;
          best = other;
        }
        other = older.get(other * BANDS + band);
      }
    }
    return best < 0 ? Match.NONE : new Match(Kind.NEAR, best);
  }

  private static int agreement(int[] a, int[] b) {
    int agree = 0;
    for (int i = 0; i < FUNCTIONS; i++) {
      agree += a[i] == b[i] ? 1 : 0;
    }
    return agree;
  }

  private int[] signature() {
    int[] least = new int[FUNCTIONS];
    Arrays.fill(least, Integer.MAX_VALUE);
    for (int s = 0; s < shingles.size(); s++) {
      long shingle = shingles.get(s);
      for (int i = 0; i < FUNCTIONS; i++) {
        // The upper bits of a·x + b are a universal hash (Dietzfelbinger et al. 1997).
        least[i] = Math.min(least[i], (int) ((multipliers[i] * shingle + offsets[i]) >> 32));
      }
    }
    return least;
  }

  private static long key(int[] signature, int band) {
    long key = band + 1L;
    for (int i = band * ROWS; i < (band + 1) * ROWS; i++) {
      key = Shingles.mix(key * 31 + signature[i]);
    }
    return key;
  }
}
