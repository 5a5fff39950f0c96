package dev.graft.goal;

import org.jspecify.annotations.Nullable;

/**
 * A check with what the goal says about it.
 *
 * @param share least share of the answers that must meet it
 * @param when rows whose prompt does not match are not asked; null asks all
 * @param derived whether it comes from the goal's examples, not from a rule
 */
record Rule(Check check, double share, @Nullable LinearRegex when, boolean derived) {
  /** Whether the rule speaks about this row. */
  boolean concerns(Sample sample) {
    LinearRegex condition = when;
    return condition == null || condition.find(sample.prompt());
  }
}
