package dev.graft.data.duplicates;

import dev.graft.text.Characters;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

/**
 * A text as the set of hashes of its runs of three words (Broder 1997, "On the resemblance and
 * containment of documents").
 *
 * <p>Words are runs of letters with their marks, and digits, in Unicode's compatibility form
 * (NFKC), without regard to case; a character of a script that is written without spaces is a word
 * of its own.
 */
final class Shingles {
  private static final int WORDS = 3;

  /** With fewer words, one changed word changes most of the text. */
  private static final int LEAST_WORDS = 8;

  /** The compatibility form may be 18 times as long as the text. */
  private static final int LONGEST = 1 << 20;

  private static final String STOPS = ".,;:!?'\"\u3001\u3002";

  private long[] words = new long[64];
  private int count;
  private long whole;
  private long word;

  /** Splits a text, of which a million characters count; what an earlier one left is gone. */
  void read(String text) {
    String head = text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    String plain =
        Characters.isAscii(head) ? head : Normalizer.normalize(head, Normalizer.Form.NFKC);
    String folded = plain.toLowerCase(Locale.ROOT);
    count = 0;
    word = 0;
    whole = text.length() <= LONGEST ? 0 : text.hashCode() | 1L;
    for (int i = 0; i < folded.length(); ) {
      int c = folded.codePointAt(i);
      i += Character.charCount(c);
      read(c);
    }
    endWord();
  }

  private void read(int c) {
    if (standsAlone(c)) {
      endWord();
      add(mix(c + 1L));
    } else if (Character.isLetterOrDigit(c) || (word != 0 && Characters.isMark(c))) {
      word = mix(word + c + 1L);
    } else if (Character.getType(c) != Character.FORMAT) {
      endWord();
      if (isSymbol(c)) {
        whole = mix(whole * 31 - c);
      }
    }
  }

  private void endWord() {
    if (word != 0) {
      add(word);
      word = 0;
    }
  }

  private void add(long one) {
    if (count == words.length) {
      words = Arrays.copyOf(words, 2 * count);
    }
    words[count++] = one;
    whole = mix(whole * 31 + one);
  }

  /**
   * Hash of the text as a sequence of words and symbols, since {@code 2 + 3} is not {@code 2 - 3};
   * 0 for a text without any.
   */
  long whole() {
    return whole;
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

  /** Whether a character between words tells texts apart: neither space nor a sentence's sign. */
  private static boolean isSymbol(int c) {
    if (Character.isWhitespace(c) || Character.isISOControl(c) || STOPS.indexOf(c) >= 0) {
      return false;
    }
    return switch (Character.getType(c)) {
      case Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.SPACE_SEPARATOR,
          Character.NON_SPACING_MARK ->
          false;
      default -> true;
    };
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
