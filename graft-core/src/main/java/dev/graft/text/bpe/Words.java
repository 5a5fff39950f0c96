package dev.graft.text.bpe;

import dev.graft.InputException;
import java.util.Arrays;
import java.util.function.ToIntFunction;

/** The words of a corpus as rows of symbols (token ids), in one array; merging shortens them. */
final class Words {
  private int[] symbols = new int[1 << 16];
  private int[] starts = new int[1 << 12];
  private int[] lengths = new int[1 << 12];
  private long[] counts = new long[1 << 12];
  private int size;
  private int end;

  /** The words counted, spelt in bytes. */
  static Words of(WordCounts counted, ToIntFunction<Character> idOf) {
    Words words = new Words();
    counted.forEach((word, count) -> words.add(ByteAlphabet.spell(word), count, idOf));
    return words;
  }

  private void add(String spelt, long count, ToIntFunction<Character> idOf) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
      lengths = Arrays.copyOf(lengths, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
    }
    long needed = (long) end + spelt.length();
    if (needed > Integer.MAX_VALUE - 8) {
      throw new InputException("the different words take over 2 GB; train on less text");
    }
    if (needed > symbols.length) {
      long grown = Math.min(Math.max(needed, 2L * symbols.length), Integer.MAX_VALUE - 8);
      symbols = Arrays.copyOf(symbols, (int) grown);
    }
    starts[size] = end;
    lengths[size] = spelt.length();
    counts[size++] = count;
    for (int i = 0; i < spelt.length(); i++) {
      symbols[end++] = idOf.applyAsInt(spelt.charAt(i));
    }
  }

  int size() {
    return size;
  }

  int length(int word) {
    return lengths[word];
  }

  int symbol(int word, int index) {
    return symbols[starts[word] + index];
  }

  long count(int word) {
    return counts[word];
  }

  /** Is told which neighbours came about and which are gone. */
  @FunctionalInterface
  interface Change {
    /** {@code times} is 1 or −1. */
    void pair(int left, int right, int times, int word);
  }

  /** Joins each {@code left right} of the word, from its beginning on, to {@code joined}. */
  void merge(int word, int left, int right, int joined, Change change) {
    int start = starts[word];
    int length = lengths[word];
    int kept = 0; // symbols before this one are final
    for (int i = 0; i < length; i++) {
      int symbol = symbols[start + i];
      boolean found = symbol == left && i + 1 < length && symbols[start + i + 1] == right;
      if (found) {
        if (kept > 0) {
          int before = symbols[start + kept - 1];
          change.pair(before, left, -1, word);
          change.pair(before, joined, 1, word);
        }
        if (i + 2 < length) {
          int after = symbols[start + i + 2];
          change.pair(right, after, -1, word);
          change.pair(joined, after, 1, word);
        }
        i++;
      }
      symbols[start + kept++] = found ? joined : symbol;
    }
    lengths[word] = kept;
  }
}
