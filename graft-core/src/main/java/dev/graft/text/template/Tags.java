package dev.graft.text.template;

/**
 * The source of a character in one {@code long}: part (3 bits, zero for none), message index (29
 * bits) and the number of the generation block it stands in (31 bits, zero for none).
 */
final class Tags {
  static final long NONE = 0;
  private static final int MESSAGE_SHIFT = 3;
  private static final int GENERATION_SHIFT = 32;
  private static final long SOURCE_MASK = (1L << GENERATION_SHIFT) - 1;
  private static final Part[] PARTS = Part.values();

  private Tags() {}

  static long of(Part part, int message) {
    return ((long) message << MESSAGE_SHIFT) | code(part);
  }

  /** The tag with the generation block set, unless it is in one already. */
  static long inGeneration(long tag, int block) {
    return block == 0 || generation(tag) != 0 ? tag : tag | ((long) block << GENERATION_SHIFT);
  }

  static int generation(long tag) {
    return (int) (tag >>> GENERATION_SHIFT);
  }

  /** Part and message without the generation block. */
  static long source(long tag) {
    return tag & SOURCE_MASK;
  }

  @SuppressWarnings("EnumOrdinal") // never stored: only the reverse of part() below
  private static int code(Part part) {
    return part.ordinal() + 1;
  }

  static Part part(long tag) {
    return PARTS[(int) (tag & 7) - 1];
  }

  static int message(long tag) {
    return (int) (source(tag) >>> MESSAGE_SHIFT);
  }
}
