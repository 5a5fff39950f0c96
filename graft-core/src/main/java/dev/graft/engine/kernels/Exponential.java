package dev.graft.engine.kernels;

/**
 * Constants of {@code exp(x) = 2^n · 2^f}, {@code n + f = x·log₂e}, n whole and |f| ≤ ½.
 *
 * <p>Adding {@link #MAGIC} to t = n + f leaves n plus the exponent's bias in the lowest bits of the
 * sum, so that a shift by 23 makes the float32 {@code 2^n}; that holds for −126 ≤ t ≤ 127, and for
 * smaller t once the bits are no less than those of {@link #LOWEST}, which makes 0. {@code 2^f} is
 * the polynomial of degree 5 with the smallest relative error there, 2·10⁻⁷ with rounding. Nothing
 * but IEEE additions, products and fused products: the same everywhere.
 */
final class Exponential {
  static final float LOG2_E = 1.442695f;

  /** 1.5·2²³ plus the bias. */
  static final float MAGIC = 12582912f + 127f;

  /** Bits of the sum for n = −127. */
  static final int LOWEST = 0x4B400000;

  static final float C5 = 1.3276472e-3f;
  static final float C4 = 9.675541e-3f;
  static final float C3 = 5.550713e-2f;
  static final float C2 = 2.402212e-1f;
  static final float C1 = 6.9314694e-1f;
  static final float C0 = 1.0000001f;

  /** Less the bits of d, about the bits of 1/d: relative error below 0.13. */
  static final int RECIPROCAL = 0x7EF311C3;

  private Exponential() {}
}
