package dev.graft.data.check;

import dev.graft.data.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Rows that stand in the data twice, and prompts that are answered in two ways. Keeps hashes, not
 * texts: some 100 bytes a row. The held-out rows come first.
 *
 * <p>White space makes no difference. A preference asks which of two answers is better, so the same
 * two the other way round conflict; feedback asks whether an answer is good.
 */
final class RepeatCheck implements Check {
  /** What is known of the rows of one file. */
  private static final class Known {
    final LongTable rows = new LongTable();
    final LongTable verdicts = new LongTable();
    final LongTable firsts = new LongTable();
  }

  /**
   * The hashes of a row.
   *
   * @param question what was to be answered
   * @param verdict what the row answers
   * @param asks whether there is a question, which plain text has not
   */
  private record Key(long question, long verdict, boolean asks) {
    long row() {
      return Hashes.of(question, verdict);
    }
  }

  private final Function<Place, String> line;
  private final Known data = new Known();
  private final Known valid = new Known();
  private final LongTable conflicting = new LongTable();
  private final Tally repeated = new Tally(CheckCode.DUPLICATE_ROW);
  private final Tally leaked = new Tally(CheckCode.VALID_IN_TRAIN);
  private final Tally conflicts = new Tally(CheckCode.CONFLICTING_ANSWERS);

  /**
   * Nothing seen yet.
   *
   * @param line names a row in a sentence
   */
  RepeatCheck(Function<Place, String> line) {
    this.line = line;
  }

  @Override
  public Runnable examine(CheckedRow row) {
    Key key = key(row.row(), row.texts());
    String shown = Shown.quoted(key.asks() ? row.texts().prompt() : row.texts().answer());
    return () -> accept(row.place(), key, shown);
  }

  private static Key key(Row row, RowTexts texts) {
    long prompt = Hashes.of(texts.prompt());
    long answer = Hashes.of(texts.answer());
    boolean asks = !texts.prompt().isBlank();
    return switch (row) {
      case Row.Preference preference -> {
        long other = Hashes.of(texts.other());
        long pair = Hashes.of(Math.min(answer, other), Math.max(answer, other));
        yield new Key(Hashes.of(prompt, pair), answer, true);
      }
      case Row.Feedback feedback ->
          new Key(Hashes.of(prompt, answer), feedback.good() ? 2 : 4, true);
      default -> new Key(prompt, answer, asks);
    };
  }

  private void accept(Place place, Key key, String shown) {
    Known file = place.file() == DataFile.DATA ? data : valid;
    long earlier = file.rows.putIfAbsent(key.row(), place.packed());
    if (earlier != LongTable.ABSENT) {
      Place same = Place.unpacked(place.file(), earlier);
      repeated.add(place, line.apply(place) + " repeats " + line.apply(same) + ": " + shown);
      return;
    }
    long held = place.file() == DataFile.DATA ? valid.rows.get(key.row()) : LongTable.ABSENT;
    if (held != LongTable.ABSENT) {
      Place same = Place.unpacked(DataFile.VALID, held);
      leaked.add(
          same, line.apply(same) + " is " + line.apply(place) + " of the training data: " + shown);
    }
    if (key.asks()) {
      conflict(file, place, key, shown);
    }
  }

  private void conflict(Known file, Place place, Key key, String shown) {
    long verdict = key.verdict() >>> 1; // the table holds numbers that are not negative
    long first = file.firsts.putIfAbsent(key.question(), place.packed());
    long before = file.verdicts.putIfAbsent(key.question(), verdict);
    if (before == LongTable.ABSENT || before == verdict) {
      return;
    }
    Place other = Place.unpacked(place.file(), first);
    if (conflicting.putIfAbsent(Hashes.of(key.question(), place.file() == DataFile.DATA ? 0 : 1), 1)
        == LongTable.ABSENT) {
      conflicts.add(other, "");
    }
    conflicts.add(place, line.apply(other) + " and " + line.apply(place) + ": " + shown);
  }

  @Override
  public List<Finding> findings() {
    List<Finding> all = new ArrayList<>(repeated.findings());
    all.addAll(leaked.findings());
    all.addAll(conflicts.findings());
    return all;
  }
}
