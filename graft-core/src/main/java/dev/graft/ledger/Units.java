package dev.graft.ledger;

import java.util.Locale;

/** Figures as people read them, three digits of them. */
public final class Units {
  private static final double WATT_HOUR = 3600;
  private static final long MIB = 1L << 20;

  private Units() {}

  /** {@code 1.20e15 FLOP}. */
  public static String flops(double flops) {
    return number(flops) + " FLOP";
  }

  /** {@code 1.20e15}; {@code 0} for nothing. */
  public static String number(double value) {
    if (value == 0) {
      return "0";
    }
    return String.format(Locale.ROOT, "%.2e", value).replaceFirst("e\\+?(-?)0*(?=[0-9])", "e$1");
  }

  /** {@code 3.2 s}, {@code 3 min 20 s}, {@code 2 h 05 min}, {@code 3 d 4 h}. */
  public static String time(double seconds) {
    if (seconds < 9.95) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long s = Math.round(seconds);
    if (s < 60) {
      return s + " s";
    }
    if (s < 3600) {
      return String.format(Locale.ROOT, "%d min %02d s", s / 60, s % 60);
    }
    long minutes = Math.round(seconds / 60);
    if (minutes < 24 * 60) {
      return String.format(Locale.ROOT, "%d h %02d min", minutes / 60, minutes % 60);
    }
    long hours = Math.round(seconds / 3600);
    return String.format(Locale.ROOT, "%d d %d h", hours / 24, hours % 24);
  }

  /** Joules as {@code 850 J}, {@code 12.3 Wh} or {@code 4.56 kWh}. */
  public static String energy(double joules) {
    if (joules < WATT_HOUR) {
      return three(joules) + " J";
    }
    double hours = joules / WATT_HOUR;
    return hours < 999.5 ? three(hours) + " Wh" : three(hours / 1000) + " kWh";
  }

  /** {@code 12,345}, from ten million on {@code 12.3 M}, {@code 1.23 G}, {@code 1.23 T}. */
  public static String count(long n) {
    if (n < 10_000_000) {
      return String.format(Locale.ROOT, "%,d", n);
    }
    String[] names = {"M", "G", "T"};
    double value = n / 1e6;
    int name = 0;
    for (; value >= 999.5 && name < names.length - 1; name++) {
      value /= 1000;
    }
    return three(value) + " " + names[name];
  }

  /** {@code 512 MiB}, {@code 1.50 GiB}. */
  public static String bytes(long bytes) {
    double value = bytes / (double) MIB;
    return value < 999.5 ? three(value) + " MiB" : three(value / 1024) + " GiB";
  }

  /** A part of a whole as {@code 99.9 %}. */
  static String share(double part, double whole) {
    if (whole <= 0) {
      return "-";
    }
    double percent = 100 * part / whole;
    return percent > 0 && percent < 0.001 ? "<0.001 %" : percent(percent) + " %";
  }

  private static String percent(double percent) {
    int digits = percent == 0 || percent >= 10 ? 1 : percent >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + digits + "f", percent);
  }

  private static String three(double value) {
    int digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
