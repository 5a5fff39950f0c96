package dev.graft.data.check;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Guesses the language of a text from its script and its most common words.
 *
 * <p>Made to find rows that stand out, not to name a language for certain: it says nothing of short
 * texts, of code and of tables, and knows the languages of {@link Language} only.
 */
final class LanguageGuess {
  private static final int LONGEST = 1200;
  private static final int FEWEST_WORDS = 8;
  private static final int FEWEST_LETTERS = 20;
  private static final double FEWEST_HITS = 0.12;
  private static final double AHEAD = 1.4;
  private static final Map<String, List<Language>> WORDS = words();

  private LanguageGuess() {}

  private static Map<String, List<Language>> words() {
    Map<String, List<Language>> all = new HashMap<>();
    for (Language language : Language.values()) {
      for (String word : language.words()) {
        all.computeIfAbsent(word, key -> new ArrayList<>()).add(language);
      }
    }
    return all;
  }

  /** The language, or null where nothing can be said. */
  static @Nullable Language of(String text) {
    String part = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    Map<UnicodeScript, Integer> scripts = letters(part);
    int letters = scripts.values().stream().mapToInt(Integer::intValue).sum();
    if (letters < FEWEST_LETTERS) {
      return null;
    }
    int kana =
        scripts.getOrDefault(UnicodeScript.HIRAGANA, 0)
            + scripts.getOrDefault(UnicodeScript.KATAKANA, 0);
    if (kana * 10 > letters) {
      return Language.JAPANESE;
    }
    UnicodeScript main = Collections.max(scripts.entrySet(), Map.Entry.comparingByValue()).getKey();
    if (scripts.getOrDefault(main, 0) * 10 < letters * 6) {
      return null; // two scripts side by side, as in a translation
    }
    return switch (main) {
      case LATIN -> byWords(part, true);
      case CYRILLIC -> byWords(part, false);
      default -> byScript(main, part);
    };
  }

  /** Number of letters by script. */
  private static Map<UnicodeScript, Integer> letters(String text) {
    Map<UnicodeScript, Integer> scripts = new EnumMap<>(UnicodeScript.class);
    int latin = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        latin += (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? 1 : 0;
      } else if (Character.isLetter(c)) {
        scripts.merge(UnicodeScript.of(c), 1, Integer::sum);
      }
    }
    scripts.merge(UnicodeScript.LATIN, latin, Integer::sum);
    return scripts;
  }

  private static @Nullable Language byScript(UnicodeScript script, String text) {
    return switch (script) {
      case HAN -> Language.CHINESE;
      case HANGUL -> Language.KOREAN;
      case GREEK -> Language.GREEK;
      case HEBREW -> Language.HEBREW;
      case ARABIC ->
          text.chars().anyMatch(c -> c == 'پ' || c == 'چ' || c == 'ژ' || c == 'گ')
              ? Language.PERSIAN
              : Language.ARABIC;
      case DEVANAGARI -> Language.HINDI;
      case BENGALI -> Language.BENGALI;
      case GUJARATI -> Language.GUJARATI;
      case TAMIL -> Language.TAMIL;
      case TELUGU -> Language.TELUGU;
      case THAI -> Language.THAI;
      default -> null;
    };
  }

  private static @Nullable Language byWords(String text, boolean latin) {
    Map<Language, Integer> hits = new EnumMap<>(Language.class);
    int words = 0;
    String lower = text.toLowerCase(Locale.ROOT);
    int from = -1;
    for (int i = 0; i <= lower.length(); i++) {
      boolean letter = i < lower.length() && Character.isLetter(lower.charAt(i));
      if (letter && from < 0) {
        from = i;
      } else if (!letter && from >= 0) {
        words++;
        for (Language language : WORDS.getOrDefault(lower.substring(from, i), List.of())) {
          if (latin != isCyrillic(language)) {
            hits.merge(language, 1, Integer::sum);
          }
        }
        from = -1;
      }
    }
    return words < FEWEST_WORDS || hits.isEmpty() ? null : best(hits, words);
  }

  private static boolean isCyrillic(Language language) {
    return language == Language.RUSSIAN
        || language == Language.UKRAINIAN
        || language == Language.BULGARIAN;
  }

  private static @Nullable Language best(Map<Language, Integer> hits, int words) {
    Map.Entry<Language, Integer> best =
        Collections.max(hits.entrySet(), Map.Entry.comparingByValue());
    int second =
        hits.entrySet().stream()
            .filter(entry -> entry.getKey() != best.getKey())
            .mapToInt(Map.Entry::getValue)
            .max()
            .orElse(0);
    int most = best.getValue();
    boolean enough = most >= 3 && most >= FEWEST_HITS * words;
    return enough && most >= AHEAD * second ? best.getKey() : null;
  }
}
