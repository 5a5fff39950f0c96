package dev.graft.compare;

import java.util.Arrays;

/**
 * What was measured of each test example, in the order of the test file; N examples.
 *
 * @param loss mean over the reference answer's tokens, in nats, N
 * @param tokens of the reference answer, N
 * @param rougeL F1, N
 * @param exact 1 for the same text, else 0, N
 * @param rules 1 where all rules are kept, else 0, N; empty without a goal
 * @param length words of the answer over words of the reference, N
 */
public record Scores(
    double[] loss, int[] tokens, double[] rougeL, double[] exact, double[] rules, double[] length) {

  /** Of no examples. */
  public static final Scores NONE =
      new Scores(
          new double[0], new int[0], new double[0], new double[0], new double[0], new double[0]);

  /** Number of examples. */
  public int examples() {
    return loss.length;
  }

  /** Whether this was measured. */
  boolean has(Metric metric) {
    return metric != Metric.RULES || rules.length > 0;
  }

  /**
   * Values of examples whose mean is the metric, N.
   *
   * <p>The loss is a ratio of sums, over all tokens: {@code L = Σ lᵢnᵢ / Σ nᵢ}. Its values are
   * those of the ratio estimator's linearisation (Cochran, Sampling Techniques, 1977, section
   * 2.11), {@code L + (lᵢ − L)·nᵢ/n̄}: their mean is L, and their spread that of L.
   */
  double[] values(Metric metric) {
    return switch (metric) {
      case LOSS -> linearised();
      case ROUGE_L -> rougeL;
      case EXACT -> exact;
      case RULES -> rules;
      case LENGTH -> length;
    };
  }

  /** The metric itself. */
  public double mean(Metric metric) {
    return Arrays.stream(values(metric)).average().orElse(Double.NaN);
  }

  private double[] linearised() {
    double sum = 0;
    double count = 0;
    for (int i = 0; i < loss.length; i++) {
      sum += loss[i] * tokens[i];
      count += tokens[i];
    }
    double mean = sum / count;
    double average = count / loss.length;
    double[] values = new double[loss.length];
    for (int i = 0; i < loss.length; i++) {
      values[i] = mean + (loss[i] - mean) * tokens[i] / average;
    }
    return values;
  }
}
