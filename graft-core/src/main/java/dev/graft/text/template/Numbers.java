package dev.graft.text.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Python's numbers: equality, order, printing and reading. */
final class Numbers {
  private Numbers() {}

  static long saturatedAdd(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  static boolean isNumber(Value value) {
    return value instanceof Value.Int
        || value instanceof Value.Bool
        || value instanceof Value.Real
        || value instanceof Value.BigInt;
  }

  /** The value as an integer, or null when it is none. */
  static @Nullable Long integer(Value value) {
    return switch (value) {
      case Value.Int i -> i.value();
      case Value.Bool b -> b.value() ? 1L : 0L;
      default -> null;
    };
  }

  /** An integer argument. */
  static long index(Value value) {
    Long integer = integer(value);
    if (integer != null) {
      return integer;
    }
    if (value instanceof Value.Undefined undefined) {
      throw undefined.error();
    }
    throw new TemplateException(
        "'" + value.typeName() + "' object cannot be interpreted as an integer");
  }

  static double real(Value value) {
    return switch (value) {
      case Value.Int i -> i.value();
      case Value.Bool b -> b.value() ? 1 : 0;
      case Value.Real r -> r.value();
      case Value.BigInt b -> b.value().doubleValue();
      case Value.Undefined u -> throw u.error();
      default -> throw new TemplateException("must be a number, not " + value.typeName());
    };
  }

  static boolean same(Value a, Value b) {
    if (!isNumber(a) || !isNumber(b)) {
      return false;
    }
    Long x = integer(a);
    Long y = integer(b);
    return (x != null && y != null) ? x.longValue() == y.longValue() : compare(a, b) == 0;
  }

  /** Order of two numbers; 2 when one is not a number at all. */
  static int compare(Value a, Value b) {
    Long x = integer(a);
    Long y = integer(b);
    if (x != null && y != null) {
      return Long.compare(x, y);
    }
    if (notFinite(a) || notFinite(b)) {
      double p = real(a);
      double q = real(b);
      return (Double.isNaN(p) || Double.isNaN(q)) ? 2 : Double.compare(p, q);
    }
    return exact(a).compareTo(exact(b));
  }

  private static boolean notFinite(Value value) {
    return value instanceof Value.Real r && !Double.isFinite(r.value());
  }

  private static BigDecimal exact(Value value) {
    return switch (value) {
      case Value.Real r -> new BigDecimal(r.value());
      case Value.BigInt b -> new BigDecimal(b.value());
      default -> BigDecimal.valueOf(index(value));
    };
  }

  /** The shortest text that reads back to the same float, in Python's form. */
  static String repr(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    var decimal = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
    if (decimal.precision() == 2) {
      // Java never gives fewer than two digits; Python does where one is enough.
      BigDecimal one = decimal.round(new MathContext(1, RoundingMode.HALF_EVEN));
      decimal = one.doubleValue() == Math.abs(value) ? one.stripTrailingZeros() : decimal;
    }
    String digits = decimal.unscaledValue().toString();
    int exponent = digits.length() - decimal.scale() - 1;
    String sign = value < 0 ? "-" : "";
    if (exponent < -4 || exponent >= 16) {
      return sign + scientific(digits, exponent);
    }
    String plain = decimal.toPlainString();
    return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
  }

  private static String scientific(String digits, int exponent) {
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    String size = Integer.toString(Math.abs(exponent));
    return mantissa + (exponent < 0 ? "e-" : "e+") + (size.length() < 2 ? "0" + size : size);
  }

  /** Reads an integer as Python's {@code int(text, base)}; null when it is not one. */
  static @Nullable Value parseInteger(String text, int base) {
    String body = Strings.strip(text);
    boolean negative = body.startsWith("-");
    if (negative || body.startsWith("+")) {
      body = body.substring(1);
    }
    int radix = base;
    if (body.length() > 2 && body.charAt(0) == '0') {
      int prefix =
          switch (body.charAt(1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 0;
          };
      if (prefix != 0 && (base == prefix || base == 0)) {
        radix = prefix;
        body = body.substring(body.charAt(2) == '_' ? 3 : 2);
      }
    }
    if (radix == 0) {
      radix = 10;
    }
    if (radix < 2 || radix > 36 || body.length() > 4300 || !underscoresFit(body)) {
      return null;
    }
    try {
      String digits = body.replace("_", "");
      if (digits.isEmpty() || digits.charAt(0) == '-' || digits.charAt(0) == '+') {
        return null;
      }
      var value = new BigInteger(digits, radix);
      return ofBig(negative ? value.negate() : value, Tags.NONE);
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }

  static Value ofBig(BigInteger value, long tag) {
    return value.bitLength() < 64
        ? new Value.Int(value.longValue(), tag)
        : new Value.BigInt(value, tag);
  }

  private static boolean underscoresFit(String body) {
    return !body.startsWith("_") && !body.endsWith("_") && !body.contains("__");
  }

  /** Python reads the decimal digits of every script. */
  private static String asciiDigits(String text) {
    var out = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          int digit = c < 128 ? -1 : Character.digit(c, 10);
          out.appendCodePoint(digit < 0 ? c : '0' + digit);
        });
    return out.toString();
  }

  /** Reads a float as Python's {@code float(text)}; null when it is not one. */
  static @Nullable Double parseReal(String text) {
    String body = Strings.strip(text);
    String lower = asciiDigits(body).toLowerCase(java.util.Locale.ROOT);
    String unsigned = lower.startsWith("-") || lower.startsWith("+") ? lower.substring(1) : lower;
    double sign = lower.startsWith("-") ? -1 : 1;
    if (unsigned.equals("inf") || unsigned.equals("infinity")) {
      return sign * Double.POSITIVE_INFINITY;
    }
    if (unsigned.equals("nan")) {
      return Double.NaN;
    }
    boolean form = unsigned.matches("(\\d[\\d_]*\\.?[\\d_]*|\\.\\d[\\d_]*)(e[+-]?\\d[\\d_]*)?");
    if (!form || !underscoresFit(unsigned) || unsigned.length() > 4300) {
      return null;
    }
    return sign * Double.parseDouble(unsigned.replace("_", ""));
  }
}
