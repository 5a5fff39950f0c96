package dev.graft.text.template;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The attributes and methods of Python's numbers. */
final class NumberMethods {
  private static final Map<String, Filter> INT =
      new Filter.Table()
          .add("bit_length", (context, self, args) -> Value.Int.of(bits((Value.Int) self)))
          .add("conjugate", (context, self, args) -> self)
          .build();

  private static final Map<String, Filter> REAL =
      new Filter.Table()
          .add("is_integer", (context, self, args) -> Value.Bool.of(Numbers.real(self) % 1 == 0))
          .add("conjugate", (context, self, args) -> self)
          .build();

  private NumberMethods() {}

  private static int bits(Value.Int value) {
    return Long.SIZE - Long.numberOfLeadingZeros(Math.abs(value.value()));
  }

  static @Nullable Value attribute(Value number, String name) {
    boolean whole = number instanceof Value.Int;
    Filter method = (whole ? INT : REAL).get(name);
    if (method != null) {
      return new Functions.Method(number, method);
    }
    return switch (name) {
      case "real" -> number;
      case "imag" -> whole ? Value.Int.of(0) : Value.Real.of(0);
      case "numerator" -> whole ? number : null;
      case "denominator" -> whole ? Value.Int.of(1) : null;
      default -> null;
    };
  }
}
