package dev.graft.text.template;

import dev.graft.text.template.Expr.BinaryOp;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Python's operators. */
final class Operators {
  private Operators() {}

  static Value negate(Value value) {
    return switch (value) {
      case Value.Real r -> Value.Real.of(-r.value());
      case Value.Int i -> Numbers.ofBig(BigIntegers.of(i).negate(), Tags.NONE);
      case Value.BigInt i -> Numbers.ofBig(i.value().negate(), Tags.NONE);
      case Value.Bool b -> Value.Int.of(b.value() ? -1 : 0);
      default -> throw badUnary("-", value);
    };
  }

  static Value plus(Value value) {
    return switch (value) {
      case Value.Real r -> r;
      case Value.Int i -> i;
      case Value.BigInt i -> i;
      case Value.Bool b -> Value.Int.of(b.value() ? 1 : 0);
      default -> throw badUnary("+", value);
    };
  }

  private static TemplateException badUnary(String sign, Value value) {
    return value instanceof Value.Undefined u
        ? u.error()
        : new TemplateException(
            "bad operand type for unary " + sign + ": '" + value.typeName() + "'");
  }

  static Value apply(Context context, BinaryOp op, Value left, Value right) {
    if (left instanceof Value.Undefined u) {
      throw u.error();
    }
    if (op == BinaryOp.MODULO && left instanceof Text format) {
      return PercentFormat.format(context, format, right);
    }
    if (right instanceof Value.Undefined u) {
      throw u.error();
    }
    Long a = Numbers.integer(left);
    Long b = Numbers.integer(right);
    if (a != null && b != null) {
      return integers(context, op, a, b);
    }
    if (isWhole(left) && isWhole(right)) {
      return BigIntegers.apply(context, op, BigIntegers.of(left), BigIntegers.of(right));
    }
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return Value.Real.of(reals(op, Numbers.real(left), Numbers.real(right)));
    }
    return switch (op) {
      case ADD -> add(context, left, right);
      case MULTIPLY -> multiply(context, left, right);
      default -> throw unsupported(op, left, right);
    };
  }

  private static TemplateException unsupported(BinaryOp op, Value left, Value right) {
    return new TemplateException(
        "unsupported operand type(s) for "
            + op.sign
            + ": '"
            + left.typeName()
            + "' and '"
            + right.typeName()
            + "'");
  }

  private static boolean isWhole(Value value) {
    return value instanceof Value.BigInt || Numbers.integer(value) != null;
  }

  private static Value integers(Context context, BinaryOp op, long a, long b) {
    try {
      return switch (op) {
        case ADD -> Value.Int.of(Math.addExact(a, b));
        case SUBTRACT -> Value.Int.of(Math.subtractExact(a, b));
        case MULTIPLY -> Value.Int.of(Math.multiplyExact(a, b));
        case DIVIDE -> Value.Real.of((double) a / nonZero(b));
        case FLOOR_DIVIDE -> Value.Int.of(floorDivide(a, nonZero(b)));
        case MODULO -> Value.Int.of(Math.floorMod(a, nonZero(b)));
        case POWER ->
            b >= 0 ? Value.Int.of(power(a, b)) : Value.Real.of(realPower((double) a, (double) b));
      };
    } catch (ArithmeticException overflow) {
      return BigIntegers.apply(context, op, BigInteger.valueOf(a), BigInteger.valueOf(b));
    }
  }

  private static long nonZero(long b) {
    if (b == 0) {
      throw new TemplateException("division by zero");
    }
    return b;
  }

  private static long floorDivide(long a, long b) {
    if (a == Long.MIN_VALUE && b == -1) {
      throw new ArithmeticException();
    }
    return Math.floorDiv(a, b);
  }

  private static long power(long base, long exponent) {
    if (base == 0 || base == 1) {
      return exponent == 0 ? 1 : base;
    }
    if (base == -1) {
      return exponent % 2 == 0 ? 1 : -1;
    }
    long result = 1;
    for (long i = 0; i < exponent; i++) {
      result = Math.multiplyExact(result, base);
    }
    return result;
  }

  private static double reals(BinaryOp op, double a, double b) {
    boolean divides = op == BinaryOp.DIVIDE || op == BinaryOp.FLOOR_DIVIDE || op == BinaryOp.MODULO;
    if (divides && b == 0) {
      throw new TemplateException("float division by zero");
    }
    return switch (op) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case FLOOR_DIVIDE -> floorQuotient(a, b);
      case MODULO -> remainder(a, b);
      case POWER -> realPower(a, b);
    };
  }

  private static double remainder(double a, double b) {
    double rest = a % b;
    if (rest == 0) {
      return Math.copySign(0.0, b);
    }
    return (rest < 0) != (b < 0) ? rest + b : rest;
  }

  private static double floorQuotient(double a, double b) {
    double quotient = (a - remainder(a, b)) / b;
    return quotient == 0 ? Math.copySign(0.0, a / b) : Math.rint(quotient);
  }

  private static double realPower(double a, double b) {
    if (a == 0 && b < 0) {
      throw new TemplateException("0.0 cannot be raised to a negative power");
    }
    double result = Math.pow(a, b);
    boolean finite = Double.isFinite(a) && Double.isFinite(b);
    if (finite && !Double.isFinite(result)) {
      throw new TemplateException("the result of ** is not a real number in range");
    }
    return result;
  }

  private static Value add(Context context, Value left, Value right) {
    if (left instanceof Text a && right instanceof Text b) {
      boolean markup = a.markup || b.markup;
      var out = new TextBuilder(context);
      out.append(markup && !a.markup ? Escaping.escape(context, a) : a);
      out.append(markup && !b.markup ? Escaping.escape(context, b) : b);
      return out.toText().withMarkup(markup);
    }
    if (left instanceof Value.Seq a && right instanceof Value.Seq b && a.tuple == b.tuple) {
      context.allocate((long) a.items.size() + b.items.size(), 2);
      var items = new ArrayList<Value>(a.items.size() + b.items.size());
      items.addAll(a.items);
      items.addAll(b.items);
      return new Value.Seq(items, a.tuple, commonTag(a, b));
    }
    throw unsupported(BinaryOp.ADD, left, right);
  }

  private static long commonTag(Value a, Value b) {
    return a.tag() == b.tag() ? a.tag() : Tags.NONE;
  }

  private static Value multiply(Context context, Value left, Value right) {
    Long times = Numbers.integer(right);
    if (times == null) {
      times = Numbers.integer(left);
      return times == null ? fail(left, right) : repeat(context, right, times, left);
    }
    return repeat(context, left, times, right);
  }

  private static Value fail(Value left, Value right) {
    throw unsupported(BinaryOp.MULTIPLY, left, right);
  }

  private static Value repeat(Context context, Value what, long times, Value count) {
    long copies = Math.max(times, 0);
    if (what instanceof Text text) {
      var out = new TextBuilder(context);
      context.allocate(product(text.length(), copies), 0);
      for (long i = 0; i < copies && !text.isEmpty(); i++) {
        out.append(text);
      }
      return out.toText().withMarkup(text.markup);
    }
    if (what instanceof Value.Seq seq) {
      context.allocate(product(seq.items.size(), copies), 2);
      List<Value> items = new ArrayList<>();
      for (long i = 0; i < copies && !seq.items.isEmpty(); i++) {
        items.addAll(seq.items);
      }
      return new Value.Seq(items, seq.tuple, seq.tag());
    }
    return fail(what, count);
  }

  private static long product(long size, long copies) {
    return size == 0
        ? 0
        : copies > Long.MAX_VALUE / 64 / size ? Long.MAX_VALUE / 64 : size * copies;
  }
}
