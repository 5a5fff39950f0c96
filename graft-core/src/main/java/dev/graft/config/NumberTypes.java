package dev.graft.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Types of options that are numbers. */
final class NumberTypes {
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,20}");
  private static final Pattern REAL =
      Pattern.compile("[+-]?([0-9]{1,40}(\\.[0-9]{0,40})?|\\.[0-9]{1,40})([eE][+-]?[0-9]{1,4})?");

  private NumberTypes() {}

  /** Whole numbers from {@code least} to {@code most}. */
  static final class Whole extends OptionType<Long> {
    private final long least;
    private final long most;

    Whole(long least, long most) {
      this.least = least;
      this.most = most;
    }

    @Override
    Long read(YamlValue value) throws BadValueException {
      String text = text(value);
      if (!WHOLE.matcher(text).matches()) {
        throw refused(text);
      }
      try {
        long number = Long.parseLong(text);
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException e) {
        // More than 64 bits: out of range like any other.
      }
      throw refused(text);
    }

    @Override
    Object toJson(Long value) {
      return value;
    }

    @Override
    Map<String, Object> schema() {
      Map<String, Object> schema = new LinkedHashMap<>();
      schema.put("type", "integer");
      schema.put("minimum", least);
      if (most < Long.MAX_VALUE) {
        schema.put("maximum", most);
      }
      return schema;
    }

    @Override
    public String allowed() {
      return most == Long.MAX_VALUE
          ? "a whole number of at least " + least
          : "a whole number from " + least + " to " + most;
    }

    @Override
    public String label() {
      return "N";
    }
  }

  /** Numbers between two bounds, each of which may be left out. */
  static final class Real extends OptionType<Double> {
    private final double least;
    private final double most;
    private final boolean aboveLeast;
    private final boolean belowMost;

    private Real(double least, boolean aboveLeast, double most, boolean belowMost) {
      this.least = least;
      this.aboveLeast = aboveLeast;
      this.most = most;
      this.belowMost = belowMost;
    }

    /** {@code least <= x <= most}. */
    static Real between(double least, double most) {
      return new Real(least, false, most, false);
    }

    /** {@code bound < x <= most}. */
    static Real above(double bound, double most) {
      return new Real(bound, true, most, false);
    }

    /** {@code least <= x < bound}. */
    static Real below(double least, double bound) {
      return new Real(least, false, bound, true);
    }

    @Override
    Double read(YamlValue value) throws BadValueException {
      String text = text(value);
      if (!REAL.matcher(text).matches()) {
        throw refused(text);
      }
      double number = Double.parseDouble(text);
      boolean tooSmall = aboveLeast ? number <= least : number < least;
      boolean tooLarge = belowMost ? number >= most : number > most;
      if (tooSmall || tooLarge) {
        throw refused(text);
      }
      return number;
    }

    @Override
    Object toJson(Double value) {
      return plain(value);
    }

    @Override
    Map<String, Object> schema() {
      Map<String, Object> schema = new LinkedHashMap<>();
      schema.put("type", "number");
      schema.put(aboveLeast ? "exclusiveMinimum" : "minimum", plain(least));
      schema.put(belowMost ? "exclusiveMaximum" : "maximum", plain(most));
      return schema;
    }

    @Override
    public String allowed() {
      return "a number "
          + (aboveLeast ? "above " : "of at least ")
          + plain(least)
          + (belowMost ? " and below " : " and at most ")
          + plain(most);
    }

    @Override
    public String label() {
      return "X";
    }
  }

  /** Sizes of memory in bytes, written as 6GB (10⁹) or 6GiB (2³⁰). */
  static final class Size extends OptionType<Long> {
    private static final Pattern TEXT =
        Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,6})?) ?([KMGT]i?)?B?");

    @Override
    Long read(YamlValue value) throws BadValueException {
      String text = text(value);
      Matcher matcher = TEXT.matcher(text);
      if (!matcher.matches()) {
        throw refused(text);
      }
      String unit = matcher.group(2) == null ? "" : matcher.group(2);
      int power = unit.isEmpty() ? 0 : "KMGT".indexOf(unit.charAt(0)) + 1;
      double bytes =
          Double.parseDouble(matcher.group(1)) * Math.pow(unit.endsWith("i") ? 1024 : 1000, power);
      if (bytes < 1 || bytes > 1L << 60) {
        throw refused(text);
      }
      return Math.round(bytes);
    }

    @Override
    Object toJson(Long value) {
      return value;
    }

    @Override
    Map<String, Object> schema() {
      Map<String, Object> schema = new LinkedHashMap<>();
      schema.put("type", List.of("integer", "string"));
      schema.put("minimum", 1);
      return schema;
    }

    @Override
    public String allowed() {
      return "a size such as 6GB, 500MB or 5.5GiB";
    }

    @Override
    public String label() {
      return "SIZE";
    }
  }

  /** A number, or {@code auto} (empty) where a rule chooses it. */
  static final class RealOrAuto extends OptionType<OptionalDouble> {
    private static final String AUTO = "auto";
    private final Real number;

    RealOrAuto(Real number) {
      this.number = number;
    }

    @Override
    OptionalDouble read(YamlValue value) throws BadValueException {
      if (text(value).equals(AUTO)) {
        return OptionalDouble.empty();
      }
      try {
        return OptionalDouble.of(number.read(value));
      } catch (BadValueException e) {
        throw refused(text(value));
      }
    }

    @Override
    Object toJson(OptionalDouble value) {
      return value.isPresent() ? plain(value.getAsDouble()) : AUTO;
    }

    @Override
    Map<String, Object> schema() {
      return Map.of("anyOf", List.of(Map.of("const", AUTO), number.schema()));
    }

    @Override
    public String allowed() {
      return AUTO + " or " + number.allowed();
    }

    @Override
    public String label() {
      return "X|" + AUTO;
    }
  }

  /** Whole values without the {@code .0}, as people write them. */
  static Number plain(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return (long) value;
    }
    return value;
  }
}
