package dev.graft.goal;

import dev.graft.data.language.LanguageGuess;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Pronouns of the first person in English, German, French, Spanish, Italian, Portuguese and Dutch.
 *
 * <p>The table of the answer's language is used, or the English one where that is not known. An
 * answer in another language has none. What stands in double quotes is somebody else's, and a word
 * joined to others ({@code I/O}, {@code pre-me}) is no pronoun.
 */
final class FirstPerson {
  private static final Map<String, Set<String>> PRONOUNS =
      Map.of(
          "en",
              Set.of(
                  "i",
                  "i'm",
                  "i've",
                  "i'll",
                  "i'd",
                  "me",
                  "my",
                  "mine",
                  "myself",
                  "we",
                  "we're",
                  "we've",
                  "we'll",
                  "us",
                  "our",
                  "ours",
                  "ourselves"),
          "de",
              Set.of(
                  "ich", "mich", "mir", "mein", "meine", "meinen", "meiner", "meinem", "meines",
                  "wir", "uns", "unser", "unsere", "unseren", "unserer", "unserem", "unseres"),
          "fr", Set.of("je", "me", "moi", "mon", "ma", "mes", "nous", "notre", "nos"),
          "es", Set.of("yo", "mi", "mis", "me", "nosotros", "nuestro", "nuestra", "nos"),
          "it", Set.of("io", "mi", "mio", "mia", "miei", "noi", "nostro", "nostra"),
          "pt", Set.of("eu", "me", "meu", "minha", "nós", "nosso", "nossa"),
          "nl", Set.of("ik", "mij", "mijn", "wij", "we", "ons", "onze"));

  private FirstPerson() {}

  /** The pronouns in the order they are said. */
  static List<String> in(Sample sample) {
    String language = sample.language().map(LanguageGuess::code).orElse("en");
    Set<String> pronouns = PRONOUNS.getOrDefault(language, Set.of());
    List<String> said = new ArrayList<>();
    boolean quoted = false;
    int begin = -1;
    String text = sample.answer() + " ";
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean joined = Character.isLetterOrDigit(c) || "'’-/_.".indexOf(c) >= 0;
      if (joined && begin < 0) {
        begin = i;
      } else if (!joined && begin >= 0) {
        String word = text.substring(begin, i);
        if (!quoted && pronouns.contains(plain(word)) && !isAcronym(word)) {
          said.add(word);
        }
        begin = -1;
      }
      quoted = c == '"' ? !quoted : c == '“' || c == '„' || (c != '”' && quoted);
    }
    return said;
  }

  private static String plain(String word) {
    String end = word.endsWith(".") ? word.substring(0, word.length() - 1) : word;
    return end.replace('’', '\'').toLowerCase(Locale.ROOT);
  }

  /** US is a country, and IT no pronoun either. */
  private static boolean isAcronym(String word) {
    return word.length() > 1 && word.equals(word.toUpperCase(Locale.ROOT));
  }
}
