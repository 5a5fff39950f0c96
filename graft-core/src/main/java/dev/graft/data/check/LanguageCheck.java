package dev.graft.data.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows in another language than most. The answers are compared where most of them are long enough
 * to tell, else the prompts.
 */
final class LanguageCheck implements Check {
  private static final int FEWEST_ROWS = 3;
  private static final double SHARE = 0.005;

  private final Map<Language, Tally> answers = new EnumMap<>(Language.class);
  private final Map<Language, Tally> prompts = new EnumMap<>(Language.class);
  private long rows;

  @Override
  public @Nullable Runnable examine(CheckedRow row) {
    if (row.place().file() != DataFile.DATA) {
      return null;
    }
    Language answer = LanguageGuess.of(row.texts().answer());
    Language prompt = LanguageGuess.of(row.texts().prompt());
    return () -> {
      rows++;
      count(answers, answer, row.place(), row.texts().answer());
      count(prompts, prompt, row.place(), row.texts().prompt());
    };
  }

  private static void count(
      Map<Language, Tally> tallies, @Nullable Language language, Place place, String text) {
    if (language != null) {
      tallies
          .computeIfAbsent(language, key -> new Tally(CheckCode.MIXED_LANGUAGES))
          .add(place, Shown.quoted(text));
    }
  }

  @Override
  public List<Finding> findings() {
    boolean ofAnswers = sum(answers) * 2 >= rows;
    Map<Language, Tally> tallies = ofAnswers ? answers : prompts;
    long known = sum(tallies);
    Language main = null;
    for (Map.Entry<Language, Tally> entry : tallies.entrySet()) {
      if (main == null || entry.getValue().rows() > rowsOf(tallies, main)) {
        main = entry.getKey();
      }
    }
    List<Finding> all = new ArrayList<>();
    for (Map.Entry<Language, Tally> entry : tallies.entrySet()) {
      long count = entry.getValue().rows();
      if (main != null && entry.getKey() != main && count >= Math.max(FEWEST_ROWS, SHARE * known)) {
        all.add(
            entry
                .getValue()
                .finding(
                    String.format(
                        Locale.ROOT,
                        "have %s in %s, most have %s",
                        ofAnswers ? "an answer" : "a prompt",
                        entry.getKey().title(),
                        main.title())));
      }
    }
    return all;
  }

  private static long rowsOf(Map<Language, Tally> tallies, Language language) {
    Tally tally = tallies.get(language);
    return tally == null ? 0 : tally.rows();
  }

  private static long sum(Map<Language, Tally> tallies) {
    return tallies.values().stream().mapToLong(Tally::rows).sum();
  }
}
