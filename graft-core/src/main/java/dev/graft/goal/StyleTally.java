package dev.graft.goal;

import dev.graft.data.language.LanguageGuess;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts the style of answers in memory that does not grow with their number. */
final class StyleTally {
  private static final int LONGEST = 5000;
  private static final int MOST_OPENINGS = 20_000;
  private static final int SHOWN = 5;

  private final Histogram words = new Histogram();
  private final Histogram sentences = new Histogram();
  private final Map<String, Long> forms = new HashMap<>();
  private final Map<String, Long> openings = new HashMap<>();
  private final Map<String, Long> endings = new HashMap<>();
  private final Map<String, Long> languages = new HashMap<>();
  private long answers;

  void add(Sample sample) {
    answers++;
    words.add(sample.words());
    sentences.add(sample.sentences());
    String sign = Style.lastSign(sample.answer());
    forms.merge(sample.form().toString(), 1L, Long::sum);
    endings.merge(sign.isEmpty() ? "none" : sign, 1L, Long::sum);
    languages.merge(sample.language().map(LanguageGuess::code).orElse("unknown"), 1L, Long::sum);
    openings.merge(Style.firstWord(sample.answer()), 1L, Long::sum);
    if (openings.size() > MOST_OPENINGS) {
      // Frequent ones come back often enough to stay; what is lost is rare (lossy counting).
      openings.values().removeIf(count -> count == 1);
      if (openings.size() > MOST_OPENINGS / 2) {
        openings.replaceAll((word, count) -> count - 1);
      }
    }
  }

  StyleSummary summary() {
    return new StyleSummary(
        words.lengths(answers),
        sentences.lengths(answers),
        shares(forms),
        shares(openings),
        shares(endings),
        shares(languages));
  }

  private List<StyleSummary.Share> shares(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(SHOWN)
        .map(e -> new StyleSummary.Share(e.getKey(), e.getValue(), e.getValue() / (double) answers))
        .toList();
  }

  private static final class Histogram {
    private final long[] counts = new long[LONGEST + 1];
    private int longest;

    void add(int length) {
      counts[Math.min(length, LONGEST)]++;
      longest = Math.max(longest, length);
    }

    StyleSummary.Lengths lengths(long all) {
      return new StyleSummary.Lengths(
          quantile(all, 0.05), quantile(all, 0.5), quantile(all, 0.95), longest);
    }

    private int quantile(long all, double share) {
      long seen = 0;
      for (int length = 0; length <= LONGEST; length++) {
        seen += counts[length];
        if (seen > 0 && seen >= share * all) {
          return length;
        }
      }
      return 0;
    }
  }
}
