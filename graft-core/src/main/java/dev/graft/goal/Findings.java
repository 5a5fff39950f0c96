package dev.graft.goal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Puts rules' outcomes as findings. */
final class Findings {
  private Findings() {}

  static Optional<GoalReport.Finding> of(GoalReport.RuleResult rule) {
    List<Long> lines = rule.worst().stream().map(GoalReport.Offender::line).toList();
    long missed = rule.counts().missed();
    String code = "goal-" + rule.code();
    return switch (rule.verdict()) {
      case NOT_JUDGED ->
          Optional.of(
              new GoalReport.Finding(
                  GoalReport.Severity.WARNING,
                  code,
                  0,
                  lines,
                  "no answer could be judged by '" + rule.text() + "'",
                  notJudged(rule)));
      case MISSED ->
          Optional.of(
              new GoalReport.Finding(
                  GoalReport.Severity.ERROR,
                  code,
                  missed,
                  lines,
                  message(rule) + ", fewer than the " + percent(rule.needed()) + " needed",
                  "rewrite or remove the rows listed, or lower the rule's share"));
      case MET ->
          missed == 0
              ? Optional.empty()
              : Optional.of(
                  new GoalReport.Finding(
                      GoalReport.Severity.WARNING,
                      code,
                      missed,
                      lines,
                      message(rule),
                      "look at the rows listed: they teach the opposite of the rule"));
    };
  }

  private static String message(GoalReport.RuleResult rule) {
    return "'%s' is met by %d of %d answers (%s)"
        .formatted(rule.text(), rule.counts().met(), rule.counts().judged(), percent(rule.share()));
  }

  /** Rounded down, so that 100% means all. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", Math.floor(share * 1000 + 1e-9) / 10);
  }

  private static String notJudged(GoalReport.RuleResult rule) {
    return switch (rule.code()) {
      case "must-mention" -> "correct the expression under from-prompt: it matches no prompt";
      case "language" -> "the answers are too short to tell their language; leave the rule out";
      default -> "correct the rule's 'when': it matches no prompt";
    };
  }
}
