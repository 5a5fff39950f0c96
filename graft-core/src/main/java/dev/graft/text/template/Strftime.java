package dev.graft.text.template;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** The {@code strftime} of C in its own locale. */
final class Strftime {
  private static final Locale C = Locale.ENGLISH;

  private Strftime() {}

  static String format(Clock clock, String format) {
    ZonedDateTime now = ZonedDateTime.now(clock);
    var out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 >= format.length()) {
        out.append(c);
        continue;
      }
      char directive = format.charAt(++i);
      boolean bare = directive == '-' && i + 1 < format.length();
      if (bare) {
        directive = format.charAt(++i);
      }
      String text = directive(now, directive);
      out.append(bare ? withoutPadding(text) : text);
    }
    return out.toString();
  }

  private static String withoutPadding(String text) {
    String cut = text.replaceFirst("^[0 ]+", "");
    return cut.isEmpty() && !text.isEmpty() ? "0" : cut;
  }

  private static String directive(ZonedDateTime now, char directive) {
    int hour12 = (now.getHour() + 11) % 12 + 1;
    return switch (directive) {
      case 'Y' -> Integer.toString(now.getYear());
      case 'y' -> two(now.getYear() % 100);
      case 'C' -> two(now.getYear() / 100);
      case 'm' -> two(now.getMonthValue());
      case 'B' -> now.getMonth().getDisplayName(TextStyle.FULL, C);
      case 'b', 'h' -> now.getMonth().getDisplayName(TextStyle.FULL, C).substring(0, 3);
      case 'd' -> two(now.getDayOfMonth());
      case 'e' -> String.format("%2d", now.getDayOfMonth());
      case 'A' -> now.getDayOfWeek().getDisplayName(TextStyle.FULL, C);
      case 'a' -> now.getDayOfWeek().getDisplayName(TextStyle.FULL, C).substring(0, 3);
      case 'j' -> String.format("%03d", now.getDayOfYear());
      case 'u' -> Integer.toString(now.getDayOfWeek().getValue());
      case 'w' -> Integer.toString(now.getDayOfWeek().getValue() % 7);
      case 'U' -> two((now.getDayOfYear() + 6 - now.getDayOfWeek().getValue() % 7) / 7);
      case 'W' -> two((now.getDayOfYear() + 6 - (now.getDayOfWeek().getValue() + 6) % 7) / 7);
      case 'V' -> two(now.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case 'G' -> Integer.toString(now.get(IsoFields.WEEK_BASED_YEAR));
      case 'H' -> two(now.getHour());
      case 'I' -> two(hour12);
      case 'k' -> String.format("%2d", now.getHour());
      case 'l' -> String.format("%2d", hour12);
      case 'M' -> two(now.getMinute());
      case 'S' -> two(now.getSecond());
      case 'f' -> String.format("%06d", now.getNano() / 1000);
      case 'p' -> now.getHour() < 12 ? "AM" : "PM";
      case 'P' -> now.getHour() < 12 ? "am" : "pm";
      case 's' ->
          Long.toString(ChronoUnit.SECONDS.between(java.time.Instant.EPOCH, now.toInstant()));
      // The time is without a zone in Python, so these say nothing.
      case 'z', 'Z' -> "";
      case 'n' -> "\n";
      case 't' -> "\t";
      case '%' -> "%";
      default -> composed(now, directive);
    };
  }

  private static String composed(ZonedDateTime now, char directive) {
    String[] parts =
        switch (directive) {
          case 'c' ->
              new String[] {"a", " ", "b", " ", "e", " ", "H", ":", "M", ":", "S", " ", "Y"};
          case 'x', 'D' -> new String[] {"m", "/", "d", "/", "y"};
          case 'X', 'T' -> new String[] {"H", ":", "M", ":", "S"};
          case 'F' -> new String[] {"Y", "-", "m", "-", "d"};
          case 'R' -> new String[] {"H", ":", "M"};
          case 'r' -> new String[] {"I", ":", "M", ":", "S", " ", "p"};
          default -> new String[0];
        };
    if (parts.length == 0) {
      return "%" + directive;
    }
    var out = new StringBuilder();
    for (int i = 0; i < parts.length; i++) {
      out.append(i % 2 == 1 ? parts[i] : directive(now, parts[i].charAt(0)));
    }
    return out.toString();
  }

  private static String two(int number) {
    return number < 10 ? "0" + number : Integer.toString(number);
  }
}
