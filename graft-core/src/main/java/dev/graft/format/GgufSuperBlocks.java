package dev.graft.format;

/**
 * The "K" types: super-blocks of 256 elements in groups of 16 or 32, each group with a small
 * integer scale of its own. See {@link GgufBlocks}.
 */
final class GgufSuperBlocks {
  private GgufSuperBlocks() {}

  /** 16 scales and offsets of 4 bits, 256 × 2 bits, d, m. */
  static void q2k(byte[] raw, int at, float[] out, int to) {
    float d = GgufBlocks.half(raw, at + 80);
    float m = GgufBlocks.half(raw, at + 82);
    for (int group = 0; group < 16; group++) {
      int packed = raw[at + group];
      float scale = d * (packed & 15);
      float offset = m * (packed >> 4 & 15);
      int from = at + 16 + group / 8 * 32 + group % 2 * 16;
      int shift = group / 2 % 4 * 2;
      for (int i = 0; i < 16; i++) {
        out[to + group * 16 + i] = scale * (raw[from + i] >> shift & 3) - offset;
      }
    }
  }

  /** 256 third bits, 256 × 2 bits, 16 scales of 6 bits, d. */
  static void q3k(byte[] raw, int at, float[] out, int to) {
    float d = GgufBlocks.half(raw, at + 108);
    for (int group = 0; group < 16; group++) {
      int low = raw[at + 96 + group % 8] >> (group / 8 * 4) & 15;
      int high = raw[at + 104 + group % 4] >> (group / 4 * 2) & 3;
      float scale = d * ((low | (high << 4)) - 32);
      int from = at + 32 + group / 8 * 32 + group % 2 * 16;
      int mask = at + group % 2 * 16;
      int shift = group / 2 % 4 * 2;
      int bit = group / 2;
      for (int i = 0; i < 16; i++) {
        // A third bit that is set stands for zero, one that is not for minus four.
        int third = ((raw[mask + i] >> bit & 1) ^ 1) << 2;
        out[to + group * 16 + i] = scale * ((raw[from + i] >> shift & 3) - third);
      }
    }
  }

  /** d, m, 8 scales and offsets of 6 bits, 256 × 4 bits. */
  static void q4k(byte[] raw, int at, float[] out, int to) {
    float d = GgufBlocks.half(raw, at);
    float m = GgufBlocks.half(raw, at + 2);
    for (int group = 0; group < 8; group++) {
      float scale = d * scale(raw, at + 4, group);
      float offset = m * offset(raw, at + 4, group);
      int from = at + 16 + group / 2 * 32;
      int shift = group % 2 * 4;
      for (int i = 0; i < 32; i++) {
        out[to + group * 32 + i] = scale * (raw[from + i] >> shift & 15) - offset;
      }
    }
  }

  /** d, m, 8 scales and offsets of 6 bits, 256 fifth bits, 256 × 4 bits. */
  static void q5k(byte[] raw, int at, float[] out, int to) {
    float d = GgufBlocks.half(raw, at);
    float m = GgufBlocks.half(raw, at + 2);
    for (int group = 0; group < 8; group++) {
      float scale = d * scale(raw, at + 4, group);
      float offset = m * offset(raw, at + 4, group);
      int from = at + 48 + group / 2 * 32;
      int shift = group % 2 * 4;
      for (int i = 0; i < 32; i++) {
        int q = (raw[from + i] >> shift & 15) | ((raw[at + 16 + i] >> group & 1) << 4);
        out[to + group * 32 + i] = scale * q - offset;
      }
    }
  }

  /** 256 × 4 low bits, 256 × 2 high bits, 16 signed scales, d. */
  static void q6k(byte[] raw, int at, float[] out, int to) {
    float d = GgufBlocks.half(raw, at + 208);
    for (int group = 0; group < 16; group++) {
      float scale = d * raw[at + 192 + group];
      int quarter = group / 2 % 4;
      int low = at + group / 8 * 64 + quarter % 2 * 32 + group % 2 * 16;
      int high = at + 128 + group / 8 * 32 + group % 2 * 16;
      int lowShift = quarter / 2 * 4;
      int highShift = quarter * 2;
      for (int i = 0; i < 16; i++) {
        int q = (raw[low + i] >> lowShift & 15) | ((raw[high + i] >> highShift & 3) << 4);
        out[to + group * 16 + i] = scale * (q - 32);
      }
    }
  }

  /** Six bits: of groups 0-3 in one byte each, of 4-7 spread over two. */
  private static int scale(byte[] raw, int at, int group) {
    return group < 4
        ? raw[at + group] & 63
        : (raw[at + 4 + group] & 15) | ((raw[at + group - 4] >> 6 & 3) << 4);
  }

  private static int offset(byte[] raw, int at, int group) {
    return group < 4
        ? raw[at + 4 + group] & 63
        : (raw[at + 4 + group] >> 4 & 15) | ((raw[at + group] >> 6 & 3) << 4);
  }
}
