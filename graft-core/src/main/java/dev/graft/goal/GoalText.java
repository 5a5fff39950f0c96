package dev.graft.goal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A goal's report for people. */
public final class GoalText {
  private static final int WIDEST = 60;

  private GoalText() {}

  /**
   * The rules with how they came out, the rows that would teach the opposite, and what the answers
   * teach now.
   *
   * @param rowsShown how many rows of a rule are shown, the worst first
   */
  public static String of(GoalReport report, int rowsShown) {
    List<String> lines = new ArrayList<>();
    lines.add("goal " + report.goal() + ": " + summary(report));
    int width =
        report.rules().stream().mapToInt(r -> Math.min(WIDEST, name(r).length())).max().orElse(1);
    report.rules().forEach(rule -> lines.add(rule(rule, width)));
    for (GoalReport.RuleResult rule : report.rules()) {
      if (!rule.worst().isEmpty() && rowsShown > 0) {
        lines.add("");
        lines.addAll(offenders(rule, rowsShown));
      }
    }
    lines.add("");
    lines.addAll(style(report.style()));
    return String.join("\n", lines) + "\n";
  }

  /** As in {@code 41 of 2000 answers would teach the opposite of a rule}. */
  public static String summary(GoalReport report) {
    return (report.opposite() == 0 ? "none" : report.opposite())
        + " of "
        + report.rows()
        + " answers would teach the opposite of a rule"
        + left(report.skipped(), "without an answer to judge")
        + left(report.unreadable(), "that can't be read");
  }

  private static String left(long rows, String why) {
    return rows == 0 ? "" : "; " + rows + (rows == 1 ? " row " : " rows ") + why;
  }

  private static String name(GoalReport.RuleResult rule) {
    return rule.text() + (rule.derived() ? " (from the examples)" : "");
  }

  private static String rule(GoalReport.RuleResult rule, int width) {
    GoalReport.Counts counts = rule.counts();
    String line = String.format(Locale.ROOT, "  %-" + width + "s  ", name(rule));
    if (rule.verdict() == GoalReport.Verdict.NOT_JUDGED) {
      return line + "no answer could be judged by it";
    }
    return line
        + counts.met()
        + " of "
        + counts.judged()
        + " ("
        + Findings.percent(rule.share())
        + ", needs "
        + Findings.percent(rule.needed())
        + ") "
        + (rule.verdict() == GoalReport.Verdict.MET ? "ok" : "MISSED")
        + (counts.undecided() == 0 ? "" : "; " + counts.undecided() + " can't be told")
        + (counts.others() == 0 ? "" : "; " + counts.others() + " not asked");
  }

  private static List<String> offenders(GoalReport.RuleResult rule, int rowsShown) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "not '" + rule.text() + "', " + (rule.worst().size() > 1 ? "worst first:" : "that is:"));
    rule.worst().stream()
        .limit(rowsShown)
        .forEach(o -> lines.add("  " + place(o) + ": " + o.what() + ": " + o.answer()));
    long more = rule.counts().missed() - Math.min(rowsShown, rule.worst().size());
    if (more > 0) {
      lines.add("  and " + more + " more");
    }
    return lines;
  }

  private static String place(GoalReport.Offender offender) {
    return offender.file().map(file -> file + ":").orElse("line ") + offender.line();
  }

  private static List<String> style(StyleSummary style) {
    return List.of(
        "what the answers teach now",
        "  words      " + lengths(style.words()),
        "  sentences  " + lengths(style.sentences()),
        "  form       " + shares(style.forms()),
        "  opening    " + shares(style.openings()),
        "  ending     " + shares(style.endings()),
        "  language   " + shares(style.languages()));
  }

  private static String lengths(StyleSummary.Lengths lengths) {
    return "half have at most %d, 5%% at most %d, 95%% at most %d, the longest %d"
        .formatted(lengths.p50(), lengths.p5(), lengths.p95(), lengths.longest());
  }

  private static String shares(List<StyleSummary.Share> shares) {
    return shares.stream()
        .map(s -> RuleTally.shortened(s.what()) + " " + Findings.percent(s.share()))
        .collect(Collectors.joining(", "));
  }
}
