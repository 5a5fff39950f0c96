package dev.graft.goal;

import dev.graft.InputException;
import dev.graft.data.RawRow;
import dev.graft.data.Row;
import dev.graft.data.RowOptions;
import dev.graft.data.RowReader;
import dev.graft.data.RowSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Judges rows by a goal, one after the other, in memory that does not grow with their number. */
public final class GoalCheck {
  private final Goal goal;
  private final List<RuleTally> rules;
  private final StyleTally style = new StyleTally();
  private Optional<Path> file = Optional.empty();
  private boolean several;
  private long rows;
  private long skipped;
  private long unreadable;
  private long opposite;

  public GoalCheck(Goal goal) {
    this.goal = goal;
    this.rules = goal.all().stream().map(RuleTally::new).toList();
  }

  /** Judges all rows of a source; rows that can't be read are counted and passed over. */
  public static GoalReport of(Goal goal, RowSource source, RowOptions options) {
    var check = new GoalCheck(goal);
    boolean more = true;
    while (more) {
      try {
        RawRow raw = source.next();
        more = raw != null;
        if (raw != null) {
          check.add(Optional.of(raw.file()), RowReader.parse(raw, options));
        }
      } catch (InputException e) {
        check.unreadable++;
      }
    }
    return check.report();
  }

  /** Judges one row: of a chat the last message, of a preference the better answer. */
  public void add(Row row) {
    add(Optional.empty(), row);
  }

  private void add(Optional<Path> from, Row row) {
    several |= file.isPresent() && !file.equals(from);
    file = from;
    Optional<Sample> found = Answers.of(row);
    if (found.isEmpty()) {
      skipped++;
      return;
    }
    Sample sample = found.get();
    rows++;
    style.add(sample);
    boolean breaks = false;
    for (RuleTally rule : rules) {
      breaks |= rule.add(sample, from, row.line());
    }
    opposite += breaks ? 1 : 0;
  }

  /** How the rows so far came out. */
  public GoalReport report() {
    return new GoalReport(
        goal.file(),
        rows,
        skipped,
        unreadable,
        opposite,
        rules.stream().map(rule -> rule.result(several)).toList(),
        style.summary());
  }
}
