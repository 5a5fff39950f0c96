package dev.graft.format;

/** Products of sizes that come from files. */
final class Shapes {
  private Shapes() {}

  /** Number of elements; -1 when it passes 2^63-1 or a size is negative. */
  static long elements(long[] shape) {
    long product = 1;
    boolean overflow = false;
    boolean empty = false;
    for (long size : shape) {
      if (size < 0) {
        return -1;
      }
      empty |= size == 0;
      overflow |= size != 0 && product > Long.MAX_VALUE / size;
      product = overflow || size == 0 ? product : product * size;
    }
    return empty ? 0 : overflow ? -1 : product;
  }

  /** Size in bytes of that many elements of {@code bits} bits; -1 when it is none or too large. */
  static long bytes(long[] shape, int bits) {
    long elements = elements(shape);
    if (elements < 0 || bits <= 0 || elements > Long.MAX_VALUE / bits) {
      return -1;
    }
    return elements * bits % 8 == 0 ? elements * bits / 8 : -1;
  }
}
