package dev.graft.data.check;

import dev.graft.InputException;
import dev.graft.data.EncodedRow;
import dev.graft.data.RawRow;
import dev.graft.data.Row;
import dev.graft.data.RowEncoder;
import dev.graft.data.RowOptions;
import dev.graft.data.RowReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of a check that several threads do: from a raw row to what was seen in it. */
final class RowExaminer {
  private final RowEncoder encoder;
  private final RowOptions options;
  private final List<Check> checks;

  RowExaminer(RowEncoder encoder, List<Check> checks, RowOptions options) {
    this.encoder = encoder;
    this.options = options;
    this.checks = checks;
  }

  /** A row as it was read, or why it can't be. */
  record Read(Place place, @Nullable RawRow row, @Nullable InputException refusal) {}

  /**
   * What came of a row.
   *
   * @param steps what the checks have to do in order
   * @param file the file it stands in; only for rows that are encoded
   * @param encoded the row as the model sees it; empty where it is not one to train on
   * @param refusal why it can't be read or encoded; null where it can
   */
  record Examined(
      List<Runnable> steps,
      Path file,
      List<EncodedRow> encoded,
      @Nullable InputException refusal) {}

  Examined examine(Read read) {
    RawRow raw = read.row();
    if (raw == null) {
      InputException refusal = read.refusal();
      String what = refusal == null ? "" : String.valueOf(refusal.getMessage());
      return refused(read.place(), List.of(new Issue(CheckCode.MALFORMED_ROW, what)), refusal);
    }
    Row row;
    try {
      row = RowReader.parse(raw, options);
    } catch (InputException e) {
      List<Issue> issues = Shapes.ofRefused(raw.fields(), BadRow.what(raw.file(), e));
      return refused(read.place(), issues, e);
    }
    return examine(read.place(), raw, row);
  }

  private Examined examine(Place place, RawRow raw, Row row) {
    List<Issue> issues = Shapes.of(row);
    List<EncodedRow> encoded = new ArrayList<>();
    InputException refusal = null;
    try {
      for (Row part : parts(row)) {
        encoded.add(encoder.encode(part));
      }
    } catch (InputException e) {
      refusal = InputException.at(raw.file(), raw.line(), String.valueOf(e.getMessage()));
      encoded.clear();
      if (issues.isEmpty()) {
        String why = Shown.line(String.valueOf(e.getMessage()), 200);
        issues.add(new Issue(CheckCode.TEMPLATE_REFUSES, why));
      }
    }
    CheckedRow checked = new CheckedRow(place, row, RowTexts.of(row), encoded, issues);
    List<Runnable> steps = new ArrayList<>();
    for (Check check : checks) {
      Runnable step = check.examine(checked);
      if (step != null) {
        steps.add(step);
      }
    }
    boolean trainable = !(row instanceof Row.Preference || row instanceof Row.Feedback);
    return new Examined(steps, raw.file(), trainable ? encoded : List.of(), refusal);
  }

  private static List<Row> parts(Row row) {
    return switch (row) {
      case Row.Preference preference -> List.of(preference.chosen(), preference.rejected());
      case Row.Feedback feedback -> List.of(feedback.answered());
      default -> List.of(row);
    };
  }

  private Examined refused(Place place, List<Issue> issues, @Nullable InputException refusal) {
    Row none = new Row.Text(place.line(), "");
    CheckedRow row =
        new CheckedRow(place, none, new RowTexts("", "", ""), List.of(), List.copyOf(issues));
    List<Runnable> steps = new ArrayList<>();
    for (Check check : checks) {
      if (check instanceof RowRules rules) {
        Runnable step = rules.examine(row);
        if (step != null) {
          steps.add(step);
        }
      }
    }
    return new Examined(steps, Path.of(""), List.of(), refusal);
  }
}
