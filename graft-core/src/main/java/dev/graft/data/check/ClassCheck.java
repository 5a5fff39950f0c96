package dev.graft.data.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Data whose answers are a few short ones, classes, of which one is nearly all there is. Gives up,
 * and its memory, once there are too many different answers for that.
 */
final class ClassCheck implements Check {
  private static final int MOST_CLASSES = 50;
  private static final int LONGEST = 60;
  private static final int FEWEST_ROWS = 50;
  private static final double DOMINANT = 0.9;

  private final Map<String, Tally> classes = new LinkedHashMap<>();
  private long rows;
  private boolean free;

  @Override
  public @Nullable Runnable examine(CheckedRow row) {
    if (row.place().file() != DataFile.DATA) {
      return null;
    }
    String answer = row.texts().answer().strip();
    boolean isShort = answer.length() <= LONGEST;
    return () -> accept(row.place(), isShort ? answer.toLowerCase(Locale.ROOT) : null);
  }

  private void accept(Place place, @Nullable String answer) {
    if (free) {
      return;
    }
    if (answer == null) {
      giveUp();
      return;
    }
    rows++;
    classes
        .computeIfAbsent(answer, text -> new Tally(CheckCode.CLASS_IMBALANCE))
        .addQuoted(place, answer);
    if (classes.size() > MOST_CLASSES) {
      giveUp();
    }
  }

  private void giveUp() {
    free = true;
    classes.clear();
  }

  @Override
  public List<Finding> findings() {
    if (free || rows < FEWEST_ROWS || classes.size() * 5L > rows) {
      return List.of();
    }
    return classes.values().stream()
        .filter(tally -> tally.rows() > DOMINANT * rows)
        .map(tally ->
            tally.finding(
                String.format(
                    Locale.ROOT,
                    "have one and the same short answer: %.1f %% of the file, which has %d"
                        + " different ones",
                    100.0 * tally.rows() / rows,
                    classes.size())))
        .toList();
  }
}
