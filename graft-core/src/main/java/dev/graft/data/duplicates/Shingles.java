package dev.graft.data.duplicates;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

/**
 * A text as the set of hashes of its runs of three words (Broder 1997, "On the resemblance and
 * containment of documents").
 *
 * <p>Words are runs of letters and digits in Unicode's compatibility form (NFKC), without regard to
 * case; a character of a script that is written without spaces is a word of its own.
 */
final class Shingles {
  private static final int WORDS = 3;

  /** With fewer words, one changed word changes most of the text. */
  private static final int LEAST_WORDS = 8;

  private long[] words = new long[64];
  private int count;

  /** Splits a text; what an earlier one left is gone. */
  void read(String text) {
    String plain = isAscii(text) ? text : Normalizer.normalize(text, Normalizer.Form.NFKC);
    String folded = plain.toLowerCase(Locale.ROOT);
    count = 0;
    long word = 0;
    for (int i = 0; i < folded.length(); ) {
      int c = folded.codePointAt(i);
      i += Character.charCount(c);
      boolean alone = standsAlone(c);
      if (word != 0 && (alone || !Character.isLetterOrDigit(c))) {
        add(word);
        word = 0;
      }
      if (alone) {
        add(mix(c + 1L));
      } else if (Character.isLetterOrDigit(c)) {
        word = mix(word + c + 1L);
      }
    }
    if (word != 0) {
      add(word);
    }
  }

  private void add(long word) {
    if (count == words.length) {
      words = Arrays.copyOf(words, 2 * count);
    }
    words[count++] = word;
  }

  /** Hash of the text as a sequence of words; 0 for a text without any. */
  long whole() {
    long hash = count;
    for (int i = 0; i < count; i++) {
      hash = mix(hash * 31 + words[i]);
    }
    return hash;
  }

  /** Whether the text is long enough to be compared by its parts. */
  boolean comparable() {
    return count >= LEAST_WORDS;
  }

  int size() {
    return Math.max(0, count - WORDS + 1);
  }

  /** The i-th run of words. */
  long get(int i) {
    return mix(mix(words[i]) * 31 + mix(words[i + 1] * 17 + words[i + 2]));
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 128) {
        return false;
      }
    }
    return true;
  }

  private static boolean standsAlone(int c) {
    if (c < 0x0E00) {
      return false;
    }
    return switch (Character.UnicodeScript.of(c)) {
      case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
      default -> false;
    };
  }

  /** The finaliser of MurmurHash3. */
  static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }
}
