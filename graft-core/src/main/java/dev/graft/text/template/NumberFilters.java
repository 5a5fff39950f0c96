package dev.graft.text.template;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Filters that make numbers. */
final class NumberFilters {
  private NumberFilters() {}

  static void addTo(Filter.Table table) {
    table
        .add("length", (c, v, a) -> Value.Int.of(Values.size(c, v)))
        .alias("count", "length")
        .add("int", NumberFilters::toInteger, "default", "base")
        .add("float", NumberFilters::toReal, "default")
        .add("abs", NumberFilters::absolute)
        .add("round", NumberFilters::round, "precision", "method")
        .add("filesizeformat", NumberFilters::fileSize, "binary");
  }

  private static Value toInteger(Context context, Value value, Args args) {
    if (value instanceof Value.Undefined u) {
      throw u.error();
    }
    Value otherwise = args.or(0, "default", Value.Int.of(0));
    if (value instanceof Text text) {
      int base = Math.clamp(args.integer(1, "base", 10), -1, 100);
      Value whole = Numbers.parseInteger(text.string, base);
      Double real = whole == null ? Numbers.parseReal(text.string) : null;
      return whole != null ? whole : real == null ? otherwise : truncated(real, otherwise);
    }
    return switch (value) {
      case Value.Int i -> i;
      case Value.BigInt b -> b;
      case Value.Bool b -> Value.Int.of(b.value() ? 1 : 0);
      case Value.Real r -> {
        if (Double.isInfinite(r.value())) {
          throw new TemplateException("cannot convert float infinity to integer");
        }
        yield truncated(r.value(), otherwise);
      }
      default -> otherwise;
    };
  }

  private static Value truncated(double value, Value otherwise) {
    return Double.isFinite(value)
        ? Numbers.ofBig(new BigDecimal(value).toBigInteger(), Tags.NONE)
        : otherwise;
  }

  private static Value toReal(Context context, Value value, Args args) {
    if (value instanceof Value.Undefined u) {
      throw u.error();
    }
    if (Numbers.isNumber(value)) {
      return Value.Real.of(Numbers.real(value));
    }
    Double parsed = value instanceof Text text ? Numbers.parseReal(text.string) : null;
    return parsed != null ? Value.Real.of(parsed) : args.or(0, "default", Value.Real.of(0));
  }

  private static Value absolute(Context context, Value value, Args args) {
    if (value instanceof Value.Real r) {
      return Value.Real.of(Math.abs(r.value()));
    }
    if (value instanceof Value.BigInt big) {
      return Numbers.ofBig(big.value().abs(), Tags.NONE);
    }
    return Numbers.index(value) < 0 ? Operators.negate(value) : Operators.plus(value);
  }

  private static Value round(Context context, Value value, Args args) {
    int places = Math.clamp(args.integer(0, "precision", 0), -400, 400);
    String method = args.find(1, "method") == null ? "common" : args.text(1, "method").string;
    if (value instanceof Value.Undefined u) {
      throw u.error();
    }
    double number = Numbers.real(value);
    double scale = Math.pow(10, places);
    return switch (method) {
      case "common" -> roundHalfEven(value, places);
      case "ceil" -> Value.Real.of(Math.ceil(number * scale) / scale);
      case "floor" -> Value.Real.of(Math.floor(number * scale) / scale);
      default -> throw new TemplateException("method must be common, ceil or floor");
    };
  }

  private static Value roundHalfEven(Value value, int places) {
    if (!(value instanceof Value.Real real)) {
      return places >= 0 ? Operators.plus(value) : roundWhole(value, places);
    }
    if (!Double.isFinite(real.value())) {
      return value;
    }
    var exact = new BigDecimal(real.value()).setScale(places, RoundingMode.HALF_EVEN);
    return Value.Real.of(Math.copySign(exact.doubleValue(), real.value()));
  }

  private static Value roundWhole(Value value, int places) {
    var exact = BigDecimal.valueOf(Numbers.index(value)).setScale(places, RoundingMode.HALF_EVEN);
    return Numbers.ofBig(exact.toBigInteger(), Tags.NONE);
  }

  private static Value fileSize(Context context, Value value, Args args) {
    Double parsed =
        value instanceof Text text
            ? Numbers.parseReal(text.string)
            : Double.valueOf(Numbers.real(value));
    if (parsed == null) {
      throw new TemplateException("could not convert string to float");
    }
    double bytes = parsed;
    boolean binary = args.flag(0, "binary");
    int base = binary ? 1024 : 1000;
    if (bytes == 1) {
      return Text.of("1 Byte");
    }
    if (bytes < base) {
      return Text.of((long) bytes + " Bytes");
    }
    String[] prefixes = {"k", "M", "G", "T", "P", "E", "Z", "Y"};
    double unit = base;
    int i = 0;
    while (i < prefixes.length - 1 && bytes >= unit * base) {
      unit *= base;
      i++;
    }
    String name = binary ? (i == 0 ? "K" : prefixes[i]) + "iB" : prefixes[i] + "B";
    return Text.of(FormatSpec.fixed(bytes / unit, 1) + " " + name);
  }
}
