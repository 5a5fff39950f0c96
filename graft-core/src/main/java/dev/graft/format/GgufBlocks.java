package dev.graft.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Values of block-quantised tensors, equal bit for bit to those of the gguf Python package. The
 * layouts are those of ggml's {@code ggml-common.h}; {@code d} and {@code m} are scale and offset
 * of a block in float16, {@code q} the small integers.
 *
 * <p>Blocks are copied into a small array first: plain array code is what the compiler vectorises.
 */
final class GgufBlocks {
  /** Writes the elements of the block at {@code at} of {@code raw} to {@code to} of {@code out}. */
  @FunctionalInterface
  private interface Decoder {
    void decode(byte[] raw, int at, float[] out, int to);
  }

  private GgufBlocks() {}

  /** Reads from {@code data}, whole blocks of {@code type}. */
  static FloatSource source(MemorySegment data, GgufType type) {
    Decoder decoder = decoder(type);
    return (first, count, into, at) -> {
      int blocks = count / type.block;
      byte[] raw = new byte[blocks * type.bytes];
      long start = first / type.block * type.bytes;
      MemorySegment.copy(data, ValueLayout.JAVA_BYTE, start, raw, 0, raw.length);
      for (int i = 0; i < blocks; i++) {
        decoder.decode(raw, i * type.bytes, into, at + i * type.block);
      }
    };
  }

  private static Decoder decoder(GgufType type) {
    return switch (type) {
      case Q4_0 -> GgufBlocks::q40;
      case Q4_1 -> GgufBlocks::q41;
      case Q5_0 -> GgufBlocks::q50;
      case Q5_1 -> GgufBlocks::q51;
      case Q8_0 -> GgufBlocks::q80;
      case Q2_K -> GgufSuperBlocks::q2k;
      case Q3_K -> GgufSuperBlocks::q3k;
      case Q4_K -> GgufSuperBlocks::q4k;
      case Q5_K -> GgufSuperBlocks::q5k;
      case Q6_K -> GgufSuperBlocks::q6k;
      case F64, F32, F16, BF16, I64, I32, I16, I8 ->
          throw new IllegalArgumentException(type + " has no blocks");
    };
  }

  static float half(byte[] raw, int at) {
    return Float.float16ToFloat((short) ((raw[at] & 0xff) | (raw[at + 1] << 8)));
  }

  /** d, 32 × 4 bits: the low halves of 16 bytes, then the high ones. */
  private static void q40(byte[] raw, int at, float[] out, int to) {
    float d = half(raw, at);
    for (int i = 0; i < 16; i++) {
      int q = raw[at + 2 + i];
      out[to + i] = d * ((q & 15) - 8);
      out[to + 16 + i] = d * ((q >> 4 & 15) - 8);
    }
  }

  /** d, m, 32 × 4 bits. */
  private static void q41(byte[] raw, int at, float[] out, int to) {
    float d = half(raw, at);
    float m = half(raw, at + 2);
    for (int i = 0; i < 16; i++) {
      int q = raw[at + 4 + i];
      out[to + i] = d * (q & 15) + m;
      out[to + 16 + i] = d * (q >> 4 & 15) + m;
    }
  }

  /** d, 32 fifth bits, 32 × 4 bits. */
  private static void q50(byte[] raw, int at, float[] out, int to) {
    float d = half(raw, at);
    int high = word(raw, at + 2);
    for (int i = 0; i < 16; i++) {
      int q = raw[at + 6 + i];
      out[to + i] = d * (fifth(q & 15, high, i) - 16);
      out[to + 16 + i] = d * (fifth(q >> 4 & 15, high, 16 + i) - 16);
    }
  }

  /** d, m, 32 fifth bits, 32 × 4 bits. */
  private static void q51(byte[] raw, int at, float[] out, int to) {
    float d = half(raw, at);
    float m = half(raw, at + 2);
    int high = word(raw, at + 4);
    for (int i = 0; i < 16; i++) {
      int q = raw[at + 8 + i];
      out[to + i] = d * fifth(q & 15, high, i) + m;
      out[to + 16 + i] = d * fifth(q >> 4 & 15, high, 16 + i) + m;
    }
  }

  /** d, 32 signed bytes. */
  private static void q80(byte[] raw, int at, float[] out, int to) {
    float d = half(raw, at);
    for (int i = 0; i < 32; i++) {
      out[to + i] = raw[at + 2 + i] * d;
    }
  }

  /** Four bits and, from bit {@code i} of {@code high}, the fifth. */
  private static int fifth(int low, int high, int i) {
    return low | ((high >>> i & 1) << 4);
  }

  private static int word(byte[] raw, int at) {
    return (raw[at] & 0xff)
        | ((raw[at + 1] & 0xff) << 8)
        | ((raw[at + 2] & 0xff) << 16)
        | (raw[at + 3] << 24);
  }
}
