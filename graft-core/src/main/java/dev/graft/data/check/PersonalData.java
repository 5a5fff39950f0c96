package dev.graft.data.check;

import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Addresses and numbers of people by their form: e-mail, telephone, IBAN, credit card. The checks
 * of the numbers themselves are made where there are any. Every search takes time in proportion to
 * the text: what can repeat in a pattern is bounded.
 */
final class PersonalData {
  /** Domains set aside for examples by RFC 2606, and addresses that are nobody's. */
  private static final Set<String> NOBODY =
      Set.of("example.com", "example.org", "example.net", "users.noreply.github.com");

  private static final Set<String> NO_PERSON = Set.of("git", "noreply", "no-reply", "root", "user");

  /** +49 30 1234567, (212) 555-0123, 212-555-0123. */
  private static final Pattern PHONE =
      Pattern.compile(
          "(?<![\\w+.-])(?:\\+[1-9](?:[ ./()-]{0,2}\\d){7,14}|\\(\\d{3}\\) ?\\d{3}-\\d{4}"
              + "|\\d{3}-\\d{3}-\\d{4})(?![\\w-])");

  private static final Pattern CARD =
      Pattern.compile("(?<![\\w.-])(?:\\d{15,16}|\\d{4}([ -])\\d{4}\\1\\d{4}\\1\\d{4})(?![\\w-])");

  /** Length of an IBAN by country (registry of ISO 13616), for the larger ones. */
  private static final Map<String, Integer> IBAN =
      Map.ofEntries(
          Map.entry("AT", 20),
          Map.entry("BE", 16),
          Map.entry("BG", 22),
          Map.entry("CH", 21),
          Map.entry("CZ", 24),
          Map.entry("DE", 22),
          Map.entry("DK", 18),
          Map.entry("EE", 20),
          Map.entry("ES", 24),
          Map.entry("FI", 18),
          Map.entry("FR", 27),
          Map.entry("GB", 22),
          Map.entry("GR", 27),
          Map.entry("HR", 21),
          Map.entry("HU", 28),
          Map.entry("IE", 22),
          Map.entry("IT", 27),
          Map.entry("LT", 20),
          Map.entry("LU", 20),
          Map.entry("LV", 21),
          Map.entry("NL", 18),
          Map.entry("NO", 15),
          Map.entry("PL", 28),
          Map.entry("PT", 25),
          Map.entry("RO", 24),
          Map.entry("SE", 24),
          Map.entry("SI", 19),
          Map.entry("SK", 24),
          Map.entry("TR", 26),
          Map.entry("UA", 29));

  private PersonalData() {}

  /** The kind and the beginning of the first of such data in a text, or null. */
  static @Nullable String find(String text) {
    String found = email(text);
    boolean digits = found == null && hasDigits(text);
    if (digits) {
      found = iban(text);
      found = found != null ? found : card(text);
      found = found != null ? found : phone(text);
    }
    return found;
  }

  private static boolean hasDigits(String text) {
    int digits = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9' && ++digits >= 8) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String email(String text) {
    int at = text.indexOf('@');
    int behind = 0;
    while (at >= 0) {
      int from = at;
      while (from > behind && isLocal(text.charAt(from - 1))) {
        from--;
      }
      int to = at + 1;
      while (to < text.length() && isDomain(text.charAt(to))) {
        to++;
      }
      while (to > at + 1 && !Character.isLetterOrDigit(text.charAt(to - 1))) {
        to--;
      }
      if (isAddress(text.substring(from, at), text.substring(at + 1, to))) {
        return "e-mail address "
            + text.charAt(from)
            + "…@…"
            + text.substring(text.lastIndexOf('.', to), to);
      }
      behind = at + 1;
      at = text.indexOf('@', at + 1);
    }
    return null;
  }

  private static boolean isLocal(char c) {
    return isDomain(c) || c == '_' || c == '+' || c == '%';
  }

  private static boolean isDomain(char c) {
    boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    return letter || (c >= '0' && c <= '9') || c == '.' || c == '-';
  }

  private static boolean isAddress(String local, String domain) {
    int dot = domain.lastIndexOf('.');
    if (local.isEmpty() || local.startsWith(".") || dot < 1 || domain.contains("..")) {
      return false;
    }
    String last = domain.substring(dot + 1);
    boolean name = last.length() >= 2 && last.chars().allMatch(Character::isLetter);
    boolean nobody =
        NOBODY.contains(domain)
            || NO_PERSON.contains(local)
            || last.equals("example")
            || last.equals("invalid")
            || last.equals("test");
    return name && !nobody;
  }

  private static @Nullable String phone(String text) {
    if (text.indexOf('+') < 0 && text.indexOf('-') < 0) {
      return null;
    }
    Matcher matcher = PHONE.matcher(text);
    return matcher.find() ? "telephone number " + Secrets.masked(matcher.group()) : null;
  }

  private static @Nullable String card(String text) {
    Matcher matcher = CARD.matcher(text);
    while (matcher.find()) {
      String digits = matcher.group().replaceAll("[ -]", "");
      if (isCardOfAnIssuer(digits) && luhn(digits)) {
        return "credit card number " + Secrets.masked(digits);
      }
    }
    return null;
  }

  private static boolean isCardOfAnIssuer(String digits) {
    int two = Integer.parseInt(digits.substring(0, 2));
    if (digits.length() == 15) {
      return two == 34 || two == 37;
    }
    int four = Integer.parseInt(digits.substring(0, 4));
    boolean master = (two >= 51 && two <= 55) || (four >= 2221 && four <= 2720);
    return digits.charAt(0) == '4' || master || four == 6011 || two == 65;
  }

  /** The check digit of ISO/IEC 7812. */
  private static boolean luhn(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int twice = i % 2 == 0 ? digit : 2 * digit;
      sum += twice > 9 ? twice - 9 : twice;
    }
    return sum % 10 == 0;
  }

  private static @Nullable String iban(String text) {
    for (int i = 0; i + 15 <= text.length(); i++) {
      boolean apart = i == 0 || !Character.isLetterOrDigit(text.charAt(i - 1));
      if (apart
          && isUpper(text.charAt(i))
          && isUpper(text.charAt(i + 1))
          && isDigit(text.charAt(i + 2))
          && isDigit(text.charAt(i + 3))) {
        Integer length = IBAN.get(text.substring(i, i + 2));
        String found = length == null ? "" : ungrouped(text, i, length);
        if (!found.isEmpty() && remainder(found) == 1) {
          return "IBAN " + Secrets.masked(found);
        }
      }
    }
    return null;
  }

  /** So many letters and digits, single spaces left out; empty where there are not that many. */
  private static String ungrouped(String text, int from, int length) {
    StringBuilder out = new StringBuilder(length);
    for (int i = from; i < text.length() && out.length() < length; i++) {
      char c = text.charAt(i);
      if (isUpper(c) || isDigit(c)) {
        out.append(c);
      } else if (c != ' ' || text.charAt(i - 1) == ' ') {
        return "";
      }
    }
    return out.length() == length ? out.toString() : "";
  }

  /** Modulo 97 as ISO 7064 has it: the first four behind the rest, letters as 10 to 35. */
  private static int remainder(String iban) {
    int rest = 0;
    String turned = iban.substring(4) + iban.substring(0, 4);
    for (int i = 0; i < turned.length(); i++) {
      int value = Character.digit(turned.charAt(i), 36);
      rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
    }
    return rest;
  }

  private static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
