package dev.graft.format;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.graft.engine.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/** Conversions between element types, over little-endian bytes of any alignment. */
final class Elements {
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Elements converted at once: small enough for the caches, a multiple of FloatSource.UNIT. */
  private static final int CHUNK = 1 << 15;

  private Elements() {}

  /** Copies all elements of a plainly stored tensor, converted where the types differ. */
  static void copy(MemorySegment data, DType type, MemorySegment out, DType target) {
    long elements = data.byteSize() / type.bytes();
    checkOut(elements, out, target);
    if (type == target) {
      MemorySegment.copy(data, 0, out, 0, data.byteSize());
    } else if (target == DType.F64 && !type.isFloating()) {
      for (long i = 0; i < elements; i++) {
        out.set(DOUBLE, i * 8, (double) integerAt(data, type, i));
      }
    } else {
      copy(plain(data, type), elements, out, target);
    }
  }

  /** Writes {@code elements} elements of {@code source} as {@code target}. */
  static void copy(FloatSource source, long elements, MemorySegment out, DType target) {
    checkOut(elements, out, target);
    if (!target.isFloating()) {
      throw new IllegalArgumentException("cannot convert to " + target);
    }
    forEachChunk(
        elements,
        out,
        first -> {
          int count = (int) Math.min(CHUNK, elements - first);
          float[] values = new float[count];
          source.read(first, count, values, 0);
          write(values, out, first, target);
        });
  }

  /** Reads the elements of a plainly stored tensor as float32. */
  static FloatSource plain(MemorySegment data, DType type) {
    return switch (type) {
      case F32 ->
          (first, count, into, at) -> MemorySegment.copy(data, FLOAT, first * 4, into, at, count);
      case BF16 ->
          (first, count, into, at) -> {
            short[] bits = shorts(data, first, count);
            for (int i = 0; i < count; i++) {
              into[at + i] = Float.intBitsToFloat(bits[i] << 16);
            }
          };
      case F16 ->
          (first, count, into, at) -> {
            short[] bits = shorts(data, first, count);
            for (int i = 0; i < count; i++) {
              into[at + i] = Float.float16ToFloat(bits[i]);
            }
          };
      case F64 ->
          (first, count, into, at) -> {
            for (int i = 0; i < count; i++) {
              into[at + i] = (float) data.get(DOUBLE, (first + i) * 8);
            }
          };
      case I64, I32, I16, I8, U8, BOOL ->
          (first, count, into, at) -> {
            for (int i = 0; i < count; i++) {
              into[at + i] = (float) integerAt(data, type, first + i);
            }
          };
    };
  }

  /** The bfloat16 nearest to {@code value}, ties to even, as bits. */
  static short toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int rounded = (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
    // All ones where the value is NaN; without a branch the loops over this are vectorised.
    int nan = (0x7f80_0000 - (bits & 0x7fff_ffff)) >> 31;
    return (short) ((rounded & ~nan) | (0x7fc0 & nan));
  }

  private static long integerAt(MemorySegment data, DType type, long index) {
    return switch (type) {
      case I64 -> data.get(LONG, index * 8);
      case I32 -> data.get(INT, index * 4);
      case I16 -> data.get(SHORT, index * 2);
      case I8 -> data.get(JAVA_BYTE, index);
      case U8 -> data.get(JAVA_BYTE, index) & 0xff;
      case BOOL -> data.get(JAVA_BYTE, index) == 0 ? 0 : 1;
      case F64, F32, F16, BF16 -> throw new IllegalArgumentException(type + " is no integer type");
    };
  }

  private static short[] shorts(MemorySegment data, long first, int count) {
    short[] bits = new short[count];
    MemorySegment.copy(data, SHORT, first * 2, bits, 0, count);
    return bits;
  }

  private static void write(float[] values, MemorySegment out, long first, DType target) {
    int count = values.length;
    switch (target) {
      case F32 -> MemorySegment.copy(values, 0, out, FLOAT, first * 4, count);
      case BF16 -> {
        short[] bits = new short[count];
        for (int i = 0; i < count; i++) {
          bits[i] = toBfloat16(values[i]);
        }
        MemorySegment.copy(bits, 0, out, SHORT, first * 2, count);
      }
      case F16 -> {
        short[] bits = new short[count];
        for (int i = 0; i < count; i++) {
          bits[i] = Float.floatToFloat16(values[i]);
        }
        MemorySegment.copy(bits, 0, out, SHORT, first * 2, count);
      }
      default -> {
        for (int i = 0; i < count; i++) {
          out.set(DOUBLE, (first + i) * 8, values[i]);
        }
      }
    }
  }

  /** Runs over the starts of all chunks: on all cores when {@code out} allows other threads. */
  private static void forEachChunk(long elements, MemorySegment out, LongConsumer body) {
    long chunks = (elements + CHUNK - 1) / CHUNK;
    LongStream numbers = LongStream.range(0, chunks);
    if (chunks > 1 && out.isAccessibleBy(Thread.ofPlatform().unstarted(() -> {}))) {
      numbers = numbers.parallel();
    }
    numbers.forEach(chunk -> body.accept(chunk * CHUNK));
  }

  private static void checkOut(long elements, MemorySegment out, DType target) {
    if (out.byteSize() != elements * target.bytes()) {
      throw new IllegalArgumentException(
          out.byteSize() + " bytes given for " + elements + " elements of " + target);
    }
  }
}
