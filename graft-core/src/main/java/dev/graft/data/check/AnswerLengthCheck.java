package dev.graft.data.check;

import dev.graft.data.EncodedRow;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Answers that are much longer, or much shorter, than most. */
final class AnswerLengthCheck implements Check {
  private static final int FEWEST_ROWS = 20;

  /** An answer is long from this many times the median on, and this many tokens more. */
  private static final int TIMES = 10;

  private static final int MORE = 200;

  private final Numbers lengths = new Numbers();

  @Override
  public @Nullable Runnable examine(CheckedRow row) {
    if (row.place().file() != DataFile.DATA || row.encoded().isEmpty()) {
      return null;
    }
    EncodedRow encoded = row.encoded().getFirst();
    int learnt = encoded.learntTokens(encoded.tokens());
    return () -> lengths.add(row.place().line(), learnt);
  }

  @Override
  public List<Finding> findings() {
    float median = lengths.median();
    if (lengths.size() < FEWEST_ROWS) {
      return List.of();
    }
    Tally tally = new Tally(CheckCode.LENGTH_IMBALANCE);
    double all = 0;
    double odd = 0;
    for (int i = 0; i < lengths.size(); i++) {
      float length = lengths.value(i);
      all += length;
      boolean isLong = length > TIMES * median && length > median + MORE;
      boolean isShort = length * TIMES * 2 < median;
      if (isLong || isShort) {
        odd += length;
        long line = lengths.line(i);
        tally.add(
            new Place(DataFile.DATA, line),
            String.format(
                Locale.ROOT,
                "line %d has %.0f learnt tokens, the median is %.0f",
                line,
                length,
                median));
      }
    }
    if (tally.rows() == 0 || tally.rows() * 5 > lengths.size()) {
      return List.of(); // nothing stands out where a fifth does
    }
    String what =
        String.format(
            Locale.ROOT,
            "%s; together they carry %.0f %% of the loss",
            CheckCode.LENGTH_IMBALANCE.what(),
            100 * odd / all);
    return List.of(tally.finding(what));
  }
}
