package dev.graft.data.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything that rows show by themselves, counted by code. */
final class RowRules implements Check {
  private final List<RowRule> rules;
  private final Map<CheckCode, Tally> tallies = new EnumMap<>(CheckCode.class);

  RowRules(List<RowRule> rules) {
    this.rules = rules;
  }

  @Override
  public @Nullable Runnable examine(CheckedRow row) {
    List<Issue> issues = new ArrayList<>(row.issues());
    for (RowRule rule : rules) {
      rule.examine(row, issues);
    }
    return issues.isEmpty() ? null : () -> count(row.place(), issues);
  }

  /** A row counts once for a code, however often it shows it. */
  private void count(Place place, List<Issue> issues) {
    Set<CheckCode> counted = EnumSet.noneOf(CheckCode.class);
    for (Issue issue : issues) {
      if (counted.add(issue.code())) {
        tallies.computeIfAbsent(issue.code(), Tally::new).add(place, issue.example());
      }
    }
  }

  @Override
  public List<Finding> findings() {
    return tallies.values().stream().flatMap(tally -> tally.findings().stream()).toList();
  }
}
