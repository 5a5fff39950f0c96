package dev.graft.data.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys and tokens whose makers gave them a form: a prefix and so many characters of a set, as the
 * makers document them. Every text is walked through once for each prefix.
 */
final class Secrets {
  private static final String WORD = "_-";

  /**
   * A form of a secret.
   *
   * @param more characters besides letters and digits that can follow the prefix
   * @param least least number of characters behind the prefix
   */
  private record Form(String title, String prefix, String more, int least, int most) {}

  private static final int ANY = 100_000;

  private static final List<Form> FORMS =
      List.of(
          new Form("AWS access key", "AKIA", "", 16, 16),
          new Form("AWS access key", "ASIA", "", 16, 16),
          new Form("GitHub token", "ghp_", "", 36, 251),
          new Form("GitHub token", "gho_", "", 36, 251),
          new Form("GitHub token", "ghu_", "", 36, 251),
          new Form("GitHub token", "ghs_", "", 36, 251),
          new Form("GitHub token", "ghr_", "", 36, 251),
          new Form("GitHub token", "github_pat_", "_", 60, 251),
          new Form("GitLab token", "glpat-", WORD, 20, 60),
          new Form("Slack token", "xoxb-", "-", 20, 250),
          new Form("Slack token", "xoxp-", "-", 20, 250),
          new Form("Slack token", "xoxa-", "-", 20, 250),
          new Form("Slack token", "xapp-", "-", 20, 250),
          new Form("Google API key", "AIza", WORD, 35, 35),
          new Form("Stripe key", "sk_live_", "", 24, 250),
          new Form("Stripe key", "rk_live_", "", 24, 250),
          new Form("API key", "sk-", WORD, 40, 250),
          new Form("Hugging Face token", "hf_", "", 34, 40),
          new Form("npm token", "npm_", "", 36, 36),
          new Form("JSON web token", "eyJ", "_-.", 40, ANY));

  private Secrets() {}

  /** The kind and the beginning of the first secret in a text, or null. */
  static @Nullable String find(String text) {
    if (text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----")) {
      return "private key -----BEGIN …";
    }
    for (Form form : FORMS) {
      int at = text.indexOf(form.prefix());
      while (at >= 0) {
        int end = end(text, at + form.prefix().length(), form);
        if (matches(text, at, end, form)) {
          return form.title() + " " + masked(text.substring(at, end));
        }
        at = text.indexOf(form.prefix(), end);
      }
    }
    return null;
  }

  private static int end(String text, int from, Form form) {
    int end = from;
    while (end < text.length() && isOf(text.charAt(end), form.more())) {
      end++;
    }
    return end;
  }

  private static boolean matches(String text, int at, int end, Form form) {
    int length = end - at - form.prefix().length();
    boolean apart = at == 0 || !isOf(text.charAt(at - 1), "_");
    if (!apart || length < form.least() || length > form.most()) {
      return false;
    }
    String found = text.substring(at, end);
    return switch (form.title()) {
      case "JSON web token" -> isJsonWebToken(found);
      case "AWS access key" -> found.chars().noneMatch(Character::isLowerCase);
      case "API key", "Slack token" -> found.chars().filter(Character::isDigit).count() >= 4;
      default -> true;
    };
  }

  /**
   * Header and claims are objects of JSON, so both begin with an opening brace and a quote in
   * base64; RFC 7519.
   */
  private static boolean isJsonWebToken(String text) {
    int dot = text.indexOf('.');
    int second = dot < 0 ? -1 : text.indexOf('.', dot + 1);
    return dot > 10 && second > dot + 10 && text.startsWith("eyJ", dot + 1);
  }

  private static boolean isOf(char c, String more) {
    boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    return letter || (c >= '0' && c <= '9') || more.indexOf(c) >= 0;
  }

  /** The first four characters and how many there are. */
  static String masked(String secret) {
    return secret.substring(0, Math.min(4, secret.length()))
        + "… ("
        + secret.length()
        + " characters)";
  }
}
