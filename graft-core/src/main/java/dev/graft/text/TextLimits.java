package dev.graft.text;

import dev.graft.InputException;

/** What the native library takes as one text. */
final class TextLimits {
  /** Offsets and byte counts of the library stay below 2^31 with room to spare. */
  static final int MAX_UNITS = 256 << 20;

  private TextLimits() {}

  static void check(String text) {
    if (text.length() > MAX_UNITS) {
      throw new InputException(
          "a text of " + text.length() + " characters is too long to tokenize; split it");
    }
  }
}
