package dev.graft.data.language;

import dev.graft.text.Characters;
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
    String plain = withoutPossessives(text);
    int at = 0;
    while (at < plain.length()) {
      int end = end(plain, at, true);
      if (end > at) {
        score.word(plain.substring(at, end), shouted);
      }
      at = end(plain, end, false);
    }
    return score.best();
  }

  private static String withoutPossessives(String text) {
    boolean none = text.indexOf('\'') < 0 && text.indexOf('’') < 0;
    return none ? text : POSSESSIVE.matcher(text).replaceAll("");
  }

  /** Where the characters from {@code at} that belong to words, or that don't, come to an end. */
  private static int end(String text, int at, boolean ofWord) {
    int end = at;
    while (end < text.length()) {
      int c = text.codePointAt(end);
      if (belongsToWord(c) != ofWord) {
        return end;
      }
      end += Character.charCount(c);
    }
    return end;
  }

  private static boolean belongsToWord(int c) {
    return Character.isLetter(c) || Characters.isMark(c);
  }

  private void word(String word, boolean shouted) {
    // OS and SMS are names, whatever "os" may mean somewhere.
    char first = word.charAt(0);
    boolean small = first >= 'a' && first <= 'z';
    if (shouted || small || word.length() < 2 || !word.equals(word.toUpperCase(Locale.ROOT))) {
      word(word.toLowerCase(Locale.ROOT));
    }
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
    if (!Characters.isAscii(word)) {
      word.codePoints()
          .filter(c -> c > 127)
          .distinct()
          .forEach(c -> add(LETTERS.get(Character.toString(c)), LETTER));
    }
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
