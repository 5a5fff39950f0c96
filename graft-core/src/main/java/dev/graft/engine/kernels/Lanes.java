package dev.graft.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** What all kernels share: vector shapes, the whole memory, bit patterns. */
final class Lanes {
  static final VectorSpecies<Integer> INT =
      IntVector.SPECIES_PREFERRED.length() > 16
          ? IntVector.SPECIES_512
          : IntVector.SPECIES_PREFERRED;
  static final VectorSpecies<Float> FLOAT = INT.withLanes(float.class);

  /** Half a vector: as many lanes of two bytes. */
  static final VectorSpecies<Short> SHORT =
      VectorSpecies.of(short.class, VectorShape.forBitSize(INT.vectorBitSize() / 2));

  /** Lanes of a vector, L. */
  static final int LANES = INT.length();

  /** bfloat16 elements of a vector. */
  static final int CHUNK = 2 * LANES;

  static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** All of the process's memory; addresses are offsets into it. */
  static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  /** The upper half of a lane, which holds the odd element. */
  static final int ODD = 0xFFFF0000;

  /** With the lowest bit that stays, what rounds the lower half off to nearest even. */
  static final int HALF = 0x7FFF;

  private Lanes() {}

  /** Sum in a fixed order. */
  static float sum(float[] lanes) {
    float a = 0;
    float b = 0;
    for (int i = 0; i < lanes.length; i += 2) {
      a += lanes[i];
      b += lanes[i + 1];
    }
    return a + b;
  }

  static float getFloat(long address) {
    return MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, address);
  }

  static void putFloat(long address, float value) {
    MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, address, value);
  }

  /** One bfloat16 element. */
  static float get(long address) {
    return Float.intBitsToFloat(MEMORY.get(ValueLayout.JAVA_SHORT_UNALIGNED, address) << 16);
  }

  /** One bfloat16 element, rounded to nearest even. */
  static void put(long address, float value) {
    int bits = Float.floatToRawIntBits(value);
    bits += HALF + ((bits >>> 16) & 1);
    MEMORY.set(ValueLayout.JAVA_SHORT_UNALIGNED, address, (short) (bits >>> 16));
  }
}
