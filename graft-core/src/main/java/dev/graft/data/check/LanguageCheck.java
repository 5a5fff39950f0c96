package dev.graft.data.check;

import dev.graft.data.language.LanguageGuess;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows in another language than most. The answers are compared where most of them are long enough
 * to tell, else the prompts.
 */
final class LanguageCheck implements Check {
  private static final int FEWEST_ROWS = 3;
  private static final double SHARE = 0.005;
  private static final int FEWEST_LETTERS = 40;
  private static final int LONGEST = 1000;
  private static final double SURE = 0.75;

  private final Map<String, Tally> answers = new TreeMap<>();
  private final Map<String, Tally> prompts = new TreeMap<>();
  private long rows;

  @Override
  public @Nullable Runnable examine(CheckedRow row) {
    if (row.place().file() != DataFile.DATA) {
      return null;
    }
    String answer = guess(row.texts().answer());
    String prompt = guess(row.texts().prompt());
    return () -> {
      rows++;
      count(answers, answer, row.place(), row.texts().answer());
      count(prompts, prompt, row.place(), row.texts().prompt());
    };
  }

  /** The language of a text that is long enough to be sure of, as a code; else null. */
  private static @Nullable String guess(String text) {
    String start = text.substring(0, Math.min(LONGEST, text.length()));
    if (start.codePoints().filter(Character::isLetter).limit(FEWEST_LETTERS).count()
        < FEWEST_LETTERS) {
      return null;
    }
    return LanguageGuess.of(start)
        .filter(guess -> guess.confidence() >= SURE)
        .map(LanguageGuess::code)
        .orElse(null);
  }

  private static String title(String code) {
    return Locale.of(code).getDisplayLanguage(Locale.ENGLISH);
  }

  private static void count(
      Map<String, Tally> tallies, @Nullable String language, Place place, String text) {
    if (language != null) {
      tallies
          .computeIfAbsent(language, key -> new Tally(CheckCode.MIXED_LANGUAGES))
          .addQuoted(place, text);
    }
  }

  @Override
  public List<Finding> findings() {
    boolean ofAnswers = sum(answers) * 2 >= rows;
    Map<String, Tally> tallies = ofAnswers ? answers : prompts;
    long known = sum(tallies);
    String main = null;
    for (Map.Entry<String, Tally> entry : tallies.entrySet()) {
      if (main == null || entry.getValue().rows() > rowsOf(tallies, main)) {
        main = entry.getKey();
      }
    }
    List<Finding> all = new ArrayList<>();
    for (Map.Entry<String, Tally> entry : tallies.entrySet()) {
      long count = entry.getValue().rows();
      if (main != null
          && !entry.getKey().equals(main)
          && count >= Math.max(FEWEST_ROWS, SHARE * known)) {
        all.add(
            entry
                .getValue()
                .finding(
                    String.format(
                        Locale.ROOT,
                        "have %s in %s, most have %s",
                        ofAnswers ? "an answer" : "a prompt",
                        title(entry.getKey()),
                        title(main))));
      }
    }
    return all;
  }

  private static long rowsOf(Map<String, Tally> tallies, String language) {
    Tally tally = tallies.get(language);
    return tally == null ? 0 : tally.rows();
  }

  private static long sum(Map<String, Tally> tallies) {
    return tallies.values().stream().mapToLong(Tally::rows).sum();
  }
}
