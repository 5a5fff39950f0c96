package dev.graft.data.check;

import dev.graft.data.EncodedRow;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers that are much longer, or much shorter, than most. */
final class AnswerLengthCheck implements Check {
  private static final int FEWEST_ROWS = 20;

  /** An answer is long from this many times the median on, and this many tokens more. */
  private static final int TIMES = 10;

  private static final int MORE = 200;

  /** Share of the loss, or of the rows, from which on it matters. */
  private static final double SHARE = 0.01;

  /** Share of the rows from which on nothing stands out. */
  private static final double COMMON = 0.2;

  private final Function<Place, String> line;
  private final Numbers lengths = new Numbers();

  /**
   * Nothing seen yet.
   *
   * @param line names a row in a sentence
   */
  AnswerLengthCheck(Function<Place, String> line) {
    this.line = line;
  }

  @Override
  public @Nullable Runnable examine(CheckedRow row) {
    if (row.place().file() != DataFile.DATA || row.encoded().isEmpty()) {
      return null;
    }
    EncodedRow encoded = row.encoded().getFirst();
    int learnt = encoded.learntTokens(encoded.tokens());
    return () -> lengths.add(row.place(), learnt);
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
    long tooShort = 0;
    for (int i = 0; i < lengths.size(); i++) {
      float length = lengths.value(i);
      all += length;
      boolean isLong = length > TIMES * median && length > median + MORE;
      boolean isShort = length * TIMES * 2 < median;
      if (isLong || isShort) {
        odd += length;
        tooShort += isShort ? 1 : 0;
        tally.add(lengths.place(i), example(i, median));
      }
    }
    boolean matters = odd >= SHARE * all || tooShort >= SHARE * lengths.size();
    if (tally.rows() == 0 || !matters || tally.rows() > COMMON * lengths.size()) {
      return List.of();
    }
    String what =
        String.format(
            Locale.ROOT,
            "%s; together they carry %.0f %% of the loss",
            CheckCode.LENGTH_IMBALANCE.what(),
            100 * odd / all);
    return List.of(tally.finding(what));
  }

  private String example(int index, float median) {
    return String.format(
        Locale.ROOT,
        "%s has %.0f learnt tokens, the median is %.0f",
        line.apply(lengths.place(index)),
        lengths.value(index),
        median);
  }
}
