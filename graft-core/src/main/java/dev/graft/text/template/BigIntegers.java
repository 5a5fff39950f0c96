package dev.graft.text.template;

import java.math.BigInteger;

/** Arithmetic of integers beyond 64 bits, up to a size that no template needs. */
final class BigIntegers {
  /** Python refuses to print integers of over 4,300 digits, which is about this many bits. */
  private static final int MOST_BITS = 14_000;

  private BigIntegers() {}

  static BigInteger of(Value value) {
    return value instanceof Value.BigInt big
        ? big.value()
        : BigInteger.valueOf(Numbers.index(value));
  }

  static Value apply(Context context, Expr.BinaryOp op, BigInteger a, BigInteger b) {
    context.charge(64);
    return switch (op) {
      case ADD -> checked(a.add(b));
      case SUBTRACT -> checked(a.subtract(b));
      case MULTIPLY -> checked(a.multiply(b));
      case DIVIDE -> Value.Real.of(quotient(a, nonZero(b)));
      case FLOOR_DIVIDE -> checked(floorDivide(a, nonZero(b)));
      case MODULO -> checked(a.subtract(floorDivide(a, nonZero(b)).multiply(b)));
      case POWER -> power(a, b);
    };
  }

  private static Value checked(BigInteger value) {
    if (value.bitLength() > MOST_BITS) {
      throw tooLarge();
    }
    return Numbers.ofBig(value, Tags.NONE);
  }

  private static TemplateException tooLarge() {
    return new TemplateException("an integer has more than " + MOST_BITS + " bits");
  }

  private static BigInteger nonZero(BigInteger b) {
    if (b.signum() == 0) {
      throw new TemplateException("division by zero");
    }
    return b;
  }

  private static BigInteger floorDivide(BigInteger a, BigInteger b) {
    BigInteger[] parts = a.divideAndRemainder(b);
    boolean down = parts[1].signum() != 0 && parts[1].signum() != b.signum();
    return down ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  /** Rounded once, as Python divides. */
  private static double quotient(BigInteger a, BigInteger b) {
    double value =
        new java.math.BigDecimal(a)
            .divide(new java.math.BigDecimal(b), new java.math.MathContext(60))
            .doubleValue();
    if (Double.isInfinite(value)) {
      throw new TemplateException("integer division result too large for a float");
    }
    return value;
  }

  private static Value power(BigInteger base, BigInteger exponent) {
    if (exponent.signum() < 0) {
      return Value.Real.of(Math.pow(base.doubleValue(), exponent.doubleValue()));
    }
    if (base.abs().bitLength() <= 1) {
      boolean even = !exponent.testBit(0);
      boolean one = exponent.signum() == 0 || (base.signum() < 0 && even);
      return checked(one ? BigInteger.ONE : base);
    }
    if (exponent.bitLength() > 31
        || (long) (base.abs().bitLength() - 1) * exponent.intValue() > MOST_BITS) {
      throw tooLarge();
    }
    return checked(base.pow(exponent.intValue()));
  }
}
