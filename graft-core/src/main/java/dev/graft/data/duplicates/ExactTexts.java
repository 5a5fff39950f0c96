package dev.graft.data.duplicates;

/**
 * Finds texts that have the same words and symbols in the same order, by hashes of 64 bits. Memory
 * is 24 to 48 bytes a text. Not for several threads at once.
 */
public final class ExactTexts {
  private final Shingles shingles = new Shingles();
  private final LongIndex numbers = new LongIndex();
  private int size;

  /** No texts yet. */
  public ExactTexts() {}

  /**
   * Adds a text; texts are numbered from zero in the order in which they are added.
   *
   * @return number of the first that is the same, or −1
   */
  public int add(String text) {
    shingles.read(text);
    int first = numbers.get(shingles.whole());
    if (first < 0) {
      numbers.put(shingles.whole(), size);
    }
    size++;
    return first;
  }

  /** Number of texts. */
  public int size() {
    return size;
  }
}
