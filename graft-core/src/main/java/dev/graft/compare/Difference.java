package dev.graft.compare;

import java.util.Locale;

/**
 * How much two results differ in a metric.
 *
 * @param mean over seeds and examples
 * @param low end of the 95 % interval; NaN where there is none
 * @param high end of it
 */
public record Difference(double mean, double low, double high) {
  /** Whether the interval leaves no doubt that there is one; one without an interval does not. */
  public boolean isClear() {
    return low > 0 || high < 0;
  }

  /** {@code 0.120 (95 % 0.080 to 0.160)}, without a sign where it is clear which is larger. */
  @Override
  public String toString() {
    boolean turned = isClear() && high < 0;
    double sign = turned ? -1 : 1;
    String text = String.format(Locale.ROOT, "%.3f", sign * mean + 0.0);
    return Double.isNaN(low)
        ? text + " (no interval)"
        : text
            + String.format(
                Locale.ROOT, " (95 %% %.3f to %.3f)", turned ? -high : low, turned ? -low : high);
  }
}
