package dev.graft.evaluate;

import java.util.Arrays;
import java.util.SplittableRandom;

/** TEMPORARY. */
public final class Bootstrap {
  private Bootstrap() {}

  public record Interval(double mean, double low, double high) {}

  public static Interval mean(double[][] values, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int seeds = values.length;
    int n = values[0].length;
    double[] means = new double[2000];
    for (int r = 0; r < means.length; r++) {
      int[] s = new int[seeds];
      for (int i = 0; i < seeds; i++) {
        s[i] = random.nextInt(seeds);
      }
      double sum = 0;
      for (int j = 0; j < n; j++) {
        int e = random.nextInt(n);
        for (int i : s) {
          sum += values[i][e];
        }
      }
      means[r] = sum / n / seeds;
    }
    Arrays.sort(means);
    double mean =
        Arrays.stream(values)
            .mapToDouble(v -> Arrays.stream(v).average().orElse(Double.NaN))
            .average()
            .orElse(Double.NaN);
    return new Interval(mean, means[50], means[1949]);
  }
}
