package dev.graft.goal;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a data set is to teach: rules for its answers, read from a YAML file.
 *
 * <p>The keys and phrases of the file are described in {@code docs/data.md}.
 */
public final class Goal {
  /** Least share of the answers that must meet a rule where the goal says nothing else. */
  public static final double DEFAULT_SHARE = 0.98;

  private final Path file;
  private final List<Rule> rules;

  Goal(Path file, List<Rule> rules) {
    this.file = file;
    this.rules = List.copyOf(rules);
  }

  /**
   * Reads a goal file.
   *
   * @throws InputException naming file and line of what is wrong
   */
  public static Goal read(Path file) {
    return new GoalReader(file).read();
  }

  /** Where the goal was read from. */
  public Path file() {
    return file;
  }

  /** The rules in words, those derived from examples last. */
  public List<String> rules() {
    return rules.stream().map(rule -> rule.check().text()).toList();
  }

  /**
   * Whether an answer keeps every rule that speaks about its prompt; an answer without text keeps
   * none. A rule that can't be decided for this answer counts as kept.
   */
  public boolean isKept(String prompt, String answer) {
    if (answer.isBlank()) {
      return false;
    }
    Sample sample = new Sample(prompt, answer);
    return rules.stream()
        .filter(rule -> rule.concerns(sample))
        .noneMatch(rule -> rule.check().of(sample).state() == Outcome.State.MISSED);
  }

  List<Rule> all() {
    return rules;
  }
}
