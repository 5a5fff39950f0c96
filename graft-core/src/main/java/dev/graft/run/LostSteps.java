package dev.graft.run;

import dev.graft.ledger.Spent;
import java.util.Map;

/** Adds up rows of metrics that a run drops, because it makes their steps again. */
final class LostSteps {
  private long steps;
  private long tokens;
  private double flops;
  private double seconds;

  /** A dropped row; those of evaluations say nothing about what they took. */
  void add(Map<String, Object> row) {
    if (row.containsKey("loss")) {
      steps++;
      tokens += (long) number(row, "tokens");
      flops += number(row, "flops");
      seconds += number(row, "seconds");
    }
  }

  private static double number(Map<String, Object> row, String key) {
    return row.get(key) instanceof Number number && number.doubleValue() >= 0
        ? number.doubleValue()
        : 0;
  }

  Spent.Lost sum() {
    return new Spent.Lost(steps, tokens, flops, seconds);
  }
}
