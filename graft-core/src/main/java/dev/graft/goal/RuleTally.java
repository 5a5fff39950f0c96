package dev.graft.goal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** Counts how one rule is met, and keeps the worst rows. */
final class RuleTally {
  private static final int MOST_OFFENDERS = 100;
  private static final int LONGEST_SHOWN = 160;
  private static final Comparator<GoalReport.Offender> WORST_LAST =
      Comparator.comparingDouble(GoalReport.Offender::badness)
          .thenComparing(Comparator.comparingLong(GoalReport.Offender::line).reversed());

  private final Rule rule;
  private final PriorityQueue<GoalReport.Offender> worst = new PriorityQueue<>(WORST_LAST);
  private long met;
  private long missed;
  private long undecided;
  private long others;

  RuleTally(Rule rule) {
    this.rule = rule;
  }

  /** Whether the answer breaks the rule. */
  boolean add(Sample sample, Optional<Path> file, long line) {
    if (!rule.concerns(sample)) {
      others++;
      return false;
    }
    Outcome outcome = rule.check().of(sample);
    switch (outcome.state()) {
      case MET -> met++;
      case UNDECIDED -> undecided++;
      case MISSED -> {
        missed++;
        worst.add(
            new GoalReport.Offender(
                file, line, outcome.badness(), outcome.what(), shortened(sample.answer())));
        if (worst.size() > MOST_OFFENDERS) {
          worst.poll();
        }
      }
    }
    return outcome.state() == Outcome.State.MISSED;
  }

  /**
   * How the rule came out.
   *
   * @param several whether the rows are of several files, so that the worst need theirs
   */
  GoalReport.RuleResult result(boolean several) {
    List<GoalReport.Offender> offenders = new ArrayList<>(worst);
    offenders.sort(WORST_LAST.reversed());
    if (!several) {
      offenders.replaceAll(GoalReport.Offender::withoutFile);
    }
    return new GoalReport.RuleResult(
        rule.check().code(),
        rule.check().text(),
        rule.derived(),
        rule.share(),
        new GoalReport.Counts(met, missed, undecided, others),
        List.copyOf(offenders));
  }

  /** One line without control characters. */
  static String shortened(String answer) {
    StringBuilder shown = new StringBuilder();
    int i = 0;
    while (i < answer.length() && shown.length() < LONGEST_SHOWN) {
      int c = answer.codePointAt(i);
      boolean plain =
          !Character.isISOControl(c)
              && Character.getType(c) != Character.FORMAT
              && Character.getType(c) != Character.SURROGATE;
      shown.appendCodePoint(Character.isWhitespace(c) ? ' ' : plain ? c : 0xFFFD);
      i += Character.charCount(c);
    }
    return shown + (i < answer.length() ? "…" : "");
  }
}
