package dev.graft.data.duplicates;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * Finds texts that share most of their runs of three words, without keeping the texts.
 *
 * <p>Each text leaves a MinHash signature (Broder 1997): of every one of 120 hash functions the
 * least value over its runs, of which 16 bits are kept (b-bit minwise hashing; Li and König 2010).
 * The share of functions on which two texts agree estimates the Jaccard similarity s of their sets
 * of runs, with a standard error of {@code √(s(1 − s)/120)}. Texts become candidates when they
 * agree on all six functions of one of 20 bands (locality-sensitive hashing; Leskovec, Rajaraman
 * and Ullman, Mining of Massive Datasets, chapter 3): with probability {@code 1 − (1 − s⁶)²⁰},
 * 0.998 for s = 0.8. Texts of fewer than eight words are compared as a whole.
 *
 * <p>Memory is about 0.6 kB a text. Not for several threads at once.
 */
public final class NearDuplicates {
  private static final int BANDS = 20;
  private static final int ROWS = 6;
  private static final int FUNCTIONS = BANDS * ROWS;
  private static final short[] NOT_COMPARABLE = {};

  /** Candidates of one band that are looked at: texts that nothing tells apart are many. */
  private static final int MOST_CANDIDATES = 32;

  /** Number of functions on which near-duplicates agree at least. */
  private final int least;

  private final long[] multipliers = new long[FUNCTIONS];
  private final long[] offsets = new long[FUNCTIONS];
  private final Shingles shingles = new Shingles();
  private final LongIndex exact = new LongIndex();
  private final List<short[]> signatures = new ArrayList<>();
  private final List<BandTable> bands = new ArrayList<>();
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
    this.least = (int) Math.ceil(threshold * FUNCTIONS - 1e-9);
    SplittableRandom random = new SplittableRandom(0x6a09e667f3bcc908L);
    for (int i = 0; i < FUNCTIONS; i++) {
      multipliers[i] = random.nextLong() | 1;
      offsets[i] = random.nextLong();
    }
    for (int band = 0; band < BANDS; band++) {
      bands.add(new BandTable(signatures, band * ROWS, (band + 1) * ROWS));
    }
  }

  /** How a text is related to those before it. */
  public enum Kind {
    /** No other is like it. */
    NEW,
    /** It has the same words and symbols in the same order. */
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
    return nearest(signature(), other -> {});
  }

  /**
   * Adds a text; texts are numbered from zero in the order in which they are added. It comes into
   * one cluster with all that it is like.
   *
   * @return what it is like most among those before it
   */
  public Match add(String text) {
    int number = signatures.size();
    parents.add(number);
    shingles.read(text);
    int same = exact.get(shingles.whole());
    if (same >= 0) {
      signatures.add(signatures.get(same));
      for (int band = 0; band < BANDS; band++) {
        older.add(-1); // its twin stands in the tables already
      }
      join(number, same);
      return new Match(Kind.EXACT, same);
    }
    exact.put(shingles.whole(), number);
    short[] signature = signature();
    Match match = nearest(signature, other -> join(number, other));
    signatures.add(signature);
    for (BandTable band : bands) {
      older.add(signature.length == 0 ? -1 : band.put(number));
    }
    return match;
  }

  /**
   * The first of the texts that are, directly or by way of others, like this one. Two texts that
   * are added have the same one or not whatever the order in which they were added.
   */
  public int cluster(int number) {
    int root = number;
    while (parents.get(root) != root) {
      parents.set(root, parents.get(parents.get(root)));
      root = parents.get(root);
    }
    return root;
  }

  /** Estimated Jaccard similarity of two texts of at least eight words each. */
  double similarity(int a, int b) {
    return (double) agreement(signatures.get(a), signatures.get(b)) / FUNCTIONS;
  }

  private void join(int number, int other) {
    int a = cluster(number);
    int b = cluster(other);
    parents.set(Math.max(a, b), Math.min(a, b));
  }

  /** The most similar candidate; {@code similar} takes every one that is similar enough. */
  private Match nearest(short[] signature, IntConsumer similar) {
    int best = -1;
    int most = 0;
    for (int band = 0; band < BANDS && signature.length > 0; band++) {
      int other = bands.get(band).get(signature);
      for (int looked = 0; other >= 0 && looked < MOST_CANDIDATES; looked++) {
        int agree = agreement(signature, signatures.get(other));
        if (agree >= least) {
          similar.accept(other);
          best = agree > most ? other : best;
          most = Math.max(agree, most);
        }
        other = older.get(other * BANDS + band);
      }
    }
    return best < 0 ? Match.NONE : new Match(Kind.NEAR, best);
  }

  private static int agreement(short[] a, short[] b) {
    int agree = 0;
    for (int i = 0; i < FUNCTIONS; i++) {
      agree += a[i] == b[i] ? 1 : 0;
    }
    return agree;
  }

  /** The signature of the text that was read last. */
  private short[] signature() {
    if (!shingles.comparable()) {
      return NOT_COMPARABLE;
    }
    int[] values = new int[FUNCTIONS];
    Arrays.fill(values, Integer.MAX_VALUE);
    for (int s = 0; s < shingles.size(); s++) {
      long shingle = shingles.get(s);
      for (int i = 0; i < FUNCTIONS; i++) {
        // The upper bits of a·x + b are a universal hash (Dietzfelbinger et al. 1997).
        values[i] = Math.min(values[i], (int) ((multipliers[i] * shingle + offsets[i]) >> 32));
      }
    }
    short[] signature = new short[FUNCTIONS];
    for (int i = 0; i < FUNCTIONS; i++) {
      signature[i] = (short) values[i];
    }
    return signature;
  }
}
