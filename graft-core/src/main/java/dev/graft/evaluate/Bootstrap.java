package dev.graft.evaluate;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * 95 % intervals of means over seeds and examples, by the bootstrap.
 *
 * <p>The percentile interval of Efron and Tibshirani (An Introduction to the Bootstrap, 1993,
 * chapter 13): the mean is computed anew for 2,000 resamples, and the 50th and the 1,950th of them
 * in order of size are the ends.
 *
 * <p>All seeds are measured on the same examples, so a resample draws seeds with replacement and
 * then examples with replacement, once for all of its seeds (A. B. Owen, The pigeonhole bootstrap,
 * 2007). Examples drawn for each seed anew would count one hard example as several independent
 * ones, and the interval would be too narrow. With one seed only examples are drawn, and the
 * interval says nothing of what another seed would give; with few seeds it says too little: n seeds
 * spread as √((n − 1) / n) of what they should.
 */
public final class Bootstrap {
  private static final int RESAMPLES = 2000;
  private static final int LOW = RESAMPLES / 40 - 1;
  private static final int HIGH = RESAMPLES - RESAMPLES / 40 - 1;

  /**
   * A mean and its 95 % interval; the ends are NaN where there is one example only, for that says
   * nothing of others.
   */
  public record Interval(double mean, double low, double high) {}

  private Bootstrap() {}

  /**
   * The mean over seeds and examples.
   *
   * @param values of each seed (rows) and example (columns), all finite
   * @param seed of the resamples; the same gives the same interval
   * @throws IllegalArgumentException where there is no value, or rows differ in length
   */
  public static Interval mean(double[][] values, long seed) {
    int examples = examples(values);
    Resampler resampler = new Resampler(examples, seed);
    double[] means = new double[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
      resampler.drawExamples();
      means[r] = resampler.mean(values);
    }
    return interval(plainMean(values), means, examples);
  }

  private static Interval interval(double mean, double[] means, int examples) {
    if (examples < 2) {
      return new Interval(mean, Double.NaN, Double.NaN);
    }
    Arrays.sort(means);
    return new Interval(mean, means[LOW], means[HIGH]);
  }

  /** Each value once, added in the order of a resample: equal values then give no spread at all. */
  private static double plainMean(double[][] values) {
    double sum = 0;
    for (int example = 0; example < values[0].length; example++) {
      double column = 0;
      for (double[] row : values) {
        column += row[example];
      }
      sum += column;
    }
    return sum / ((double) values.length * values[0].length);
  }

  private static int examples(double[][] values) {
    if (values.length == 0 || values[0].length == 0) {
      throw new IllegalArgumentException("there are no values");
    }
    for (double[] row : values) {
      if (row.length != values[0].length) {
        throw new IllegalArgumentException("seeds are of the same examples");
      }
    }
    return values[0].length;
  }

  /** Draws examples once and seeds for each mean. */
  private static final class Resampler {
    private final SplittableRandom random;
    private final int[] drawn;

    Resampler(int examples, long seed) {
      random = new SplittableRandom(seed);
      drawn = new int[examples];
    }

    void drawExamples() {
      for (int i = 0; i < drawn.length; i++) {
        drawn[i] = random.nextInt(drawn.length);
      }
    }

    double mean(double[][] values) {
      double[][] rows = new double[values.length][];
      for (int s = 0; s < rows.length; s++) {
        rows[s] = values[rows.length == 1 ? 0 : random.nextInt(rows.length)];
      }
      double sum = 0;
      for (int example : drawn) {
        double column = 0;
        for (double[] row : rows) {
          column += row[example];
        }
        sum += column;
      }
      return sum / ((double) rows.length * drawn.length);
    }
  }
}
