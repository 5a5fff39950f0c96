package dev.graft.data.language;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The language of a text, guessed from its script, its short words, endings and letters.
 *
 * <p>Knows English, German, French, Spanish, Portuguese, Italian, Dutch, Swedish, Danish,
 * Norwegian, Finnish, Polish, Czech, Turkish, Romanian, Hungarian, Vietnamese, Indonesian; Russian,
 * Ukrainian, Bulgarian; Arabic, Persian; Greek, Hebrew, Hindi, Thai, Chinese, Japanese and Korean.
 * A text in another language gives nothing or one of these with low confidence. Code and names are
 * no language: a text without enough evidence gives nothing.
 *
 * @param code ISO 639-1 code, such as {@code de}
 * @param confidence share of the evidence that speaks for it, from 0.5 to 1
 */
public record LanguageGuess(String code, double confidence) {
  /** More of a text does not change the guess, and costs time. */
  private static final int LONGEST = 5000;

  private static final int FEWEST_LETTERS = 10;

  private static final Set<String> CODES =
      Set.copyOf(
          Arrays.asList(
              ("en de fr es pt it nl sv da no fi pl cs tr ro hu vi id ru uk bg ar fa el he hi th"
                      + " zh ja ko")
                  .split(" ", -1)));

  /** The codes it may give. */
  public static Set<String> codes() {
    return CODES;
  }

  /** The likeliest language; empty where a text is too short or says too little. */
  public static Optional<LanguageGuess> of(String text) {
    String written = start(text);
    String start = written.toLowerCase(Locale.ROOT);
    Map<Character.UnicodeScript, Integer> scripts = scripts(start);
    int all = scripts.values().stream().mapToInt(Integer::intValue).sum();
    Map.Entry<Character.UnicodeScript, Integer> most = null;
    for (Map.Entry<Character.UnicodeScript, Integer> script : scripts.entrySet()) {
      if (most == null || script.getValue() > most.getValue()) {
        most = script;
      }
    }
    if (most == null) {
      return Optional.empty();
    }
    return switch (most.getKey()) {
      case LATIN -> all < FEWEST_LETTERS ? Optional.empty() : LatinScore.guess(written);
      case HAN -> ideographs(scripts, all);
      case CYRILLIC -> all < FEWEST_LETTERS ? Optional.empty() : cyrillic(start, share(most, all));
      case ARABIC -> found(hasAny(start, "پچژگ") ? "fa" : "ar", share(most, all));
      case HIRAGANA, KATAKANA -> ideographs(scripts, all);
      case HANGUL -> found("ko", share(most, all));
      case GREEK -> all < FEWEST_LETTERS ? Optional.empty() : found("el", share(most, all));
      case HEBREW -> found("he", share(most, all));
      case DEVANAGARI -> found("hi", share(most, all));
      case THAI -> found("th", share(most, all));
      default -> Optional.empty();
    };
  }

  private static String start(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return text.substring(0, end);
  }

  private static Map<Character.UnicodeScript, Integer> scripts(String text) {
    Map<Character.UnicodeScript, Integer> counts = new EnumMap<>(Character.UnicodeScript.class);
    int ascii = 0; // by far the most
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (!Character.isLetter(c)) {
        continue;
      }
      if (c < 128) {
        ascii++;
        continue;
      }
      Character.UnicodeScript script = Character.UnicodeScript.of(c);
      if (script != Character.UnicodeScript.COMMON) {
        counts.merge(script, 1, Integer::sum);
      }
    }
    if (ascii > 0) {
      counts.merge(Character.UnicodeScript.LATIN, ascii, Integer::sum);
    }
    return counts;
  }

  private static double share(Map.Entry<?, Integer> script, int all) {
    return script.getValue() / (double) all;
  }

  private static Optional<LanguageGuess> found(String code, double share) {
    return share < 0.5 ? Optional.empty() : Optional.of(new LanguageGuess(code, share));
  }

  /** Japanese mixes kana among the ideographs, Chinese does not. */
  private static Optional<LanguageGuess> ideographs(
      Map<Character.UnicodeScript, Integer> scripts, int all) {
    int kana =
        scripts.getOrDefault(Character.UnicodeScript.HIRAGANA, 0)
            + scripts.getOrDefault(Character.UnicodeScript.KATAKANA, 0);
    int han = scripts.getOrDefault(Character.UnicodeScript.HAN, 0);
    if (han + kana < 4) {
      return Optional.empty();
    }
    return found(kana * 20 > han + kana ? "ja" : "zh", (han + kana) / (double) all);
  }

  private static Optional<LanguageGuess> cyrillic(String text, double share) {
    int ukrainian = count(text, "іїєґ");
    int russian = count(text, "ыэё");
    int bulgarian = count(text, "ъ");
    if (ukrainian > russian) {
      return found("uk", share);
    }
    return found(bulgarian > russian * 2 && bulgarian > 1 ? "bg" : "ru", share);
  }

  private static boolean hasAny(String text, String letters) {
    return count(text, letters) > 0;
  }

  private static int count(String text, String letters) {
    return (int) text.chars().filter(c -> letters.indexOf(c) >= 0).count();
  }
}
