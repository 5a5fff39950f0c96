package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Device;

/**
 * How many rows a pass works on. oneDNN compiles some thirty products for each number of rows that
 * was not there before, about a tenth of a second whatever the model's size; so passes are filled
 * up to few lengths, with tokens that no other sees and that nothing is learnt from.
 */
public final class PassLength {
  /** Lengths to each doubling. */
  private static final int EACH = 8;

  private static final int LEAST = 16;

  /** Most logits held at once. */
  private static final long LOGITS = 4L << 20;

  private PassLength() {}

  /** The next of the few lengths: an eighth more at most, but at least a multiple of 16. */
  public static int padded(int length) {
    return Math.ceilDiv(length, step(length)) * step(length);
  }

  /** The next shorter one of the few lengths; 0 where there is none. */
  public static int shorter(int padded) {
    return padded - step(padded - 1);
  }

  /** How far apart the lengths around this one are. */
  private static int step(int length) {
    return Math.max(LEAST, Integer.highestOneBit(length) / EACH);
  }

  /** Whether passes are filled up: where products are compiled for their shapes. */
  public static boolean pads(DecoderSpec spec, DType dtype, Device device) {
    return LayerShape.bySegment(spec, dtype, device);
  }

  /**
   * Rows that logits are made of at once, so that memory does not grow with tokens · vocabulary.
   */
  public static int logitRows(int vocabulary) {
    int rows = (int) Math.max(LEAST, LOGITS / vocabulary);
    return rows - rows % LEAST;
  }

  /** Rows that logits are made of: of {@code rows}, those up to the last piece with learnt ones. */
  public static int logitRows(int vocabulary, int learnt, int rows) {
    int piece = logitRows(vocabulary);
    return Math.min(rows, Math.ceilDiv(learnt, piece) * piece);
  }
}
