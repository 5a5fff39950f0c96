package dev.graft.data.language;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Weighs what a text in Latin script holds of each language. */
final class LatinScore {
  private static final Map<String, List<String>> WORDS = LatinWords.words();
  private static final Map<String, List<String>> ENDINGS = LatinWords.endings();
  private static final Map<String, List<String>> LETTERS = LatinWords.letters();
  private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{M}]+");

  /** Single letters are often names: X, C, 3D. */
  private static final double SINGLE = 0.3;

  /** English and names in other languages have it. */
  private static final Pattern POSSESSIVE = Pattern.compile("['’]s\\b");

  private static final double ENDING = 0.4;
  private static final double LETTER = 0.6;
  private static final int LONGEST_ENDING = 6;

  /** Evidence that is needed: about one word that only one language has. */
  private static final double LEAST = 0.75;

  /** How much more evidence the best must have than the second. */
  private static final double MARGIN = 1.25;

  private final Map<String, Double> scores = new HashMap<>();

  private LatinScore() {}

  /** The likeliest language of a text. */
  static Optional<LanguageGuess> guess(String text) {
    var score = new LatinScore();
    boolean shouted = text.equals(text.toUpperCase(Locale.ROOT));
    for (String word : NO_LETTERS.split(POSSESSIVE.matcher(text).replaceAll(""), -1)) {
      String lower = word.toLowerCase(Locale.ROOT);
      // OS and SMS are names, whatever "os" may mean somewhere.
      if (shouted || word.length() < 2 || !word.equals(word.toUpperCase(Locale.ROOT))) {
        score.word(lower);
      }
    }
    return score.best();
  }

  private void word(String word) {
    add(WORDS.get(word), word.length() == 1 ? SINGLE : 1);
    for (int length = Math.min(LONGEST_ENDING, word.length() - 2); length > 1; length--) {
      List<String> languages = ENDINGS.get(word.substring(word.length() - length));
      if (languages != null) {
        add(languages, ENDING);
        break;
      }
    }
    word.codePoints()
        .filter(c -> c > 127)
        .distinct()
        .forEach(c -> add(LETTERS.get(Character.toString(c)), LETTER));
  }

  private void add(@Nullable List<String> languages, double weight) {
    if (languages == null) {
      return;
    }
    for (String language : languages) {
      scores.merge(language, weight / Math.sqrt(languages.size()), Double::sum);
    }
  }

  private Optional<LanguageGuess> best() {
    String best = null;
    double most = 0;
    double second = 0;
    for (Map.Entry<String, Double> score : scores.entrySet()) {
      if (score.getValue() > most) {
        second = most;
        most = score.getValue();
        best = score.getKey();
      } else {
        second = Math.max(second, score.getValue());
      }
    }
    if (best == null || most < LEAST || most < second * MARGIN) {
      return Optional.empty();
    }
    return Optional.of(new LanguageGuess(best, most / (most + second)));
  }
}
