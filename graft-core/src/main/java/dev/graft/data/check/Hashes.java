package dev.graft.data.check;

/**
 * 64-bit hashes of texts; two different texts among ten million share one with odds of 1 in 10⁵.
 */
final class Hashes {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private Hashes() {}

  /** Of a text with all white space taken as one space, and none at its ends. */
  static long of(String text) {
    long hash = FNV_OFFSET;
    boolean space = false;
    boolean any = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c)) {
        space = any;
        continue;
      }
      if (space) {
        hash = step(hash, ' ');
        space = false;
      }
      any = true;
      hash = step(hash, c);
    }
    return mix(hash);
  }

  /** Of two hashes in this order. */
  static long of(long first, long second) {
    return mix(first * 31 + mix(second + GOLDEN));
  }

  private static long step(long hash, char c) {
    long mixed = (hash ^ c) * 0x2127599bf4325c37L;
    return mixed ^ (mixed >>> 29);
  }

  /** Spreads the bits; the finaliser of splitmix64 (Steele, Lea and Flood, 2014). */
  static long mix(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
