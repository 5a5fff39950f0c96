package dev.graft.goal;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How far a data set teaches what its goal asks.
 *
 * @param goal the goal file
 * @param rows answers that were judged
 * @param skipped rows without an answer to judge: answers found bad, or without text
 * @param unreadable rows that could not be read or have no known shape
 * @param opposite answers that break at least one rule, and so would teach the opposite
 * @param rules in the order of the goal
 * @param style what the answers are like now
 */
public record GoalReport(
    Path goal,
    long rows,
    long skipped,
    long unreadable,
    long opposite,
    List<RuleResult> rules,
    StyleSummary style) {

  /** Whether enough answers meet each rule. */
  public boolean met() {
    return rules.stream().allMatch(rule -> rule.verdict() != Verdict.MISSED);
  }

  /** What is to be reported beside other findings about the data; nothing for rules all meet. */
  public List<Finding> findings() {
    return rules.stream().flatMap(rule -> Findings.of(rule).stream()).toList();
  }

  /** How a rule came out. */
  public enum Verdict {
    /** Enough answers meet it. */
    MET,
    /** Too few do. */
    MISSED,
    /** No answer could be judged by it. */
    NOT_JUDGED
  }

  /**
   * Answers by how they came out.
   *
   * @param met meet the rule
   * @param missed break it
   * @param undecided cannot be judged: no language to be seen, nothing captured in the prompt
   * @param others rows that the rule's {@code when} leaves out
   */
  public record Counts(long met, long missed, long undecided, long others) {
    /** Those that were judged. */
    public long judged() {
      return met + missed;
    }
  }

  /**
   * One rule and how it came out.
   *
   * @param code kind of the rule, such as {@code words}
   * @param text what is asked, such as {@code at most 25 words}
   * @param derived whether it comes from the goal's examples
   * @param needed least share that must meet it
   * @param worst rows that break it, the worst first, at most 100
   */
  public record RuleResult(
      String code,
      String text,
      boolean derived,
      double needed,
      Counts counts,
      List<Offender> worst) {
    /** Share of the judged answers that meet it; 1 where none was judged. */
    public double share() {
      return counts.judged() == 0 ? 1 : counts.met() / (double) counts.judged();
    }

    public Verdict verdict() {
      if (counts.judged() == 0) {
        return Verdict.NOT_JUDGED;
      }
      return share() >= needed ? Verdict.MET : Verdict.MISSED;
    }
  }

  /**
   * A row that would teach the opposite of a rule.
   *
   * @param file where it stands; empty where the rows are of one file
   * @param line line of that file, counted from one
   * @param badness how far it is off, in the rule's own measure
   * @param what what is wrong with it, such as {@code 31 words}
   * @param answer its beginning, on one line
   */
  public record Offender(
      Optional<Path> file, long line, double badness, String what, String answer) {
    Offender withoutFile() {
      return new Offender(Optional.empty(), line, badness, what, answer);
    }
  }

  /** How much a finding matters. */
  public enum Severity {
    /** The share that is needed is missed. */
    ERROR,
    /** Some rows break the rule, or none could be judged. */
    WARNING
  }

  /**
   * A rule's outcome in the shape of a finding about the data.
   *
   * @param code {@code goal-} and the rule's kind
   * @param count rows that break the rule
   * @param lines their lines, the worst first, at most 100
   * @param message what was found
   * @param advice what to do
   */
  public record Finding(
      Severity severity,
      String code,
      long count,
      List<Long> lines,
      String message,
      String advice) {}
}
