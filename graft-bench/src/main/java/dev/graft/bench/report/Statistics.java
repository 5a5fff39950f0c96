package dev.graft.bench.report;

import java.util.Arrays;
import java.util.Collection;

/**
 * Median and range of some numbers.
 *
 * @param median the middle one, or the mean of the two in the middle
 */
public record Statistics(double median, double min, double max) {
  /**
   * Of at least one number.
   *
   * @throws IllegalArgumentException where there is none
   */
  public static Statistics of(Collection<Double> numbers) {
    double[] sorted = numbers.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0 || Arrays.stream(sorted).anyMatch(Double::isNaN)) {
      throw new IllegalArgumentException("no median of " + numbers);
    }
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Statistics(median, sorted[0], sorted[sorted.length - 1]);
  }
}
