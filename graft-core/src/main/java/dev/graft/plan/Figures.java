package dev.graft.plan;

import dev.graft.InputException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as people write and read them. */
public final class Figures {
  private static final String[] DECIMAL = {"", "k", "M", "G", "T", "P", "E", "Z", "Y"};
  private static final String[] COUNTS = {"", "K", "M", "B", "T"};
  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,9})?)\\s*([KMGT]i?)?B?");
  private static final Pattern COUNT =
      Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?(?:[eE][+]?[0-9]{1,2})?)([KMBT])?");

  private Figures() {}

  /**
   * Bytes from text such as {@code 16GB} (10⁹) or {@code 16GiB} (2³⁰).
   *
   * @param option named in errors
   * @throws InputException where it is none, or not from 1 byte to 2⁶⁰
   */
  public static long bytes(String option, String text) {
    Matcher matcher = SIZE.matcher(text.strip());
    if (!matcher.matches()) {
      throw new InputException(option + ": '" + text + "' is no size; write 16GB or 15.5GiB");
    }
    String unit = matcher.group(2) == null ? "" : matcher.group(2);
    int power = unit.isEmpty() ? 0 : "KMGT".indexOf(unit.charAt(0)) + 1;
    double bytes =
        Double.parseDouble(matcher.group(1)) * Math.pow(unit.endsWith("i") ? 1024 : 1000, power);
    if (!(bytes >= 1 && bytes <= 1L << 60)) {
      throw new InputException(option + ": '" + text + "' is not from 1 byte to 1 EiB");
    }
    return Math.round(bytes);
  }

  /**
   * A count from text such as {@code 2000000}, {@code 2e6}, {@code 2M} or {@code 1.5B}.
   *
   * @param most largest that is allowed
   * @throws InputException where it is none, or not from 1 to {@code most}
   */
  public static double count(String option, String text, double most) {
    Matcher matcher = COUNT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new InputException(option + ": '" + text + "' is no count; write 2000000, 2e6 or 2M");
    }
    int power = matcher.group(2) == null ? 0 : "KMBT".indexOf(matcher.group(2)) + 1;
    double value = Double.parseDouble(matcher.group(1)) * Math.pow(1000, power);
    if (!(value >= 1 && value <= most)) {
      throw new InputException(
          option + ": '" + text + "' is not from 1 to " + String.format(Locale.ROOT, "%.3g", most));
    }
    return value;
  }

  /** A number above zero and at most {@code most}. */
  public static double positive(String option, String text, double most) {
    double value;
    try {
      value = Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw new InputException(option + ": '" + text + "' is no number");
    }
    if (!(value > 0 && value <= most)) {
      throw new InputException(option + ": " + text + " is not above 0 and at most " + most);
    }
    return value;
  }

  /** All digits of a whole number, in groups. */
  static String exact(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  /** All digits, in groups. */
  static String exact(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Bytes in decimal units. */
  public static String bytes(long value) {
    return scaled((double) value, DECIMAL, 1) + "B";
  }

  /** Operations. */
  static String flops(double value) {
    return scaled(value, DECIMAL, 1) + "FLOP";
  }

  /** Parameters or tokens, as 8.03B. */
  static String count(double value) {
    return scaled(value, COUNTS, 0).strip();
  }

  private static String scaled(double value, String[] units, int space) {
    int power = 0;
    double shown = value;
    while (shown >= 999.5 && power < units.length - 1) {
      shown /= 1000;
      power++;
    }
    String digits =
        power == 0 && shown == Math.rint(shown)
            ? String.format(Locale.ROOT, "%.0f", shown)
            : significant(shown);
    return digits + " ".repeat(space) + units[power];
  }

  /** Three significant digits. */
  static String significant(double value) {
    if (value == 0) {
      return "0";
    }
    double size = Math.abs(value);
    if (size >= 1e6 || size < 1e-3) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    int decimals = Math.clamp(2 - (long) Math.floor(Math.log10(size)), 0, 5);
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** A span of time in its largest unit. */
  static String time(double seconds) {
    if (seconds < 120) {
      return significant(seconds) + " s";
    }
    if (seconds < 7200) {
      return significant(seconds / 60) + " min";
    }
    if (seconds < 48 * 3600) {
      return significant(seconds / 3600) + " h";
    }
    double days = seconds / 86400;
    return days < 730 ? significant(days) + " d" : significant(days / 365.25) + " y";
  }

  /** Energy. */
  static String energy(double kilowattHours) {
    return kilowattHours < 1
        ? significant(kilowattHours * 1000) + " Wh"
        : kilowattHours < 10_000
            ? significant(kilowattHours) + " kWh"
            : significant(kilowattHours / 1000) + " MWh";
  }
}
