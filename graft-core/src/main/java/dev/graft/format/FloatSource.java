package dev.graft.format;

/** Elements that can be read as float32 from any place; safe from several threads. */
@FunctionalInterface
interface FloatSource {
  /** Reads start at multiples of this many elements or at the start of a row. */
  int UNIT = 256;

  /**
   * Reads {@code count} elements from element {@code first} on into {@code into} from {@code at}
   * on.
   */
  void read(long first, int count, float[] into, int at);
}
