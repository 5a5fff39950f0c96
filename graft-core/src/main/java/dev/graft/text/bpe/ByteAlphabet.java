package dev.graft.text.bpe;

import java.nio.charset.StandardCharsets;

/**
 * The 256 characters that stand for bytes in a byte-level vocabulary (Radford et al., Language
 * Models are Unsupervised Multitask Learners, 2019): a byte that Latin-1 prints is its own
 * character, the others are the characters from U+0100 on, in the order of the bytes.
 */
final class ByteAlphabet {
  private static final char[] OF_BYTE = new char[256];

  static {
    char next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean printed = (b >= '!' && b <= '~') || (b >= 0xA1 && b != 0xAD);
      OF_BYTE[b] = printed ? (char) b : next++;
    }
  }

  private ByteAlphabet() {}

  /** Every character of the alphabet, by code point. */
  static char[] sorted() {
    char[] all = OF_BYTE.clone();
    java.util.Arrays.sort(all);
    return all;
  }

  /** The text's UTF-8 bytes, each as its character. */
  static String spell(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    char[] spelt = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      spelt[i] = OF_BYTE[bytes[i] & 0xff];
    }
    return new String(spelt);
  }
}
