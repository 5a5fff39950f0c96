package dev.graft.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.evaluate.Bootstrap.Interval;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private static final int TRIALS = 400;

  /** Values with an effect of the seed, one of the example, and one of their own. */
  private static double[][] drawn(Random random, int seeds, double ofSeed, double[] ofExample) {
    double[][] values = new double[seeds][ofExample.length];
    for (double[] row : values) {
      double shift = ofSeed * random.nextGaussian();
      for (int i = 0; i < row.length; i++) {
        row[i] = 3 + shift + ofExample[i] + 0.5 * random.nextGaussian();
      }
    }
    return values;
  }

  private static double[] examples(Random random, int count, double spread) {
    return random.doubles(count).map(ignored -> spread * random.nextGaussian()).toArray();
  }

  private static double coverage(int seeds, double ofSeed, double ofExample) {
    Random random = new Random(20260101);
    int covered = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      double[][] values = drawn(random, seeds, ofSeed, examples(random, 60, ofExample));
      Interval interval = Bootstrap.mean(values, trial);
      covered += interval.low() <= 3 && 3 <= interval.high() ? 1 : 0;
    }
    return (double) covered / TRIALS;
  }

  @Test
  void mean_oneSeed_coversTheTruth() {
    assertThat(coverage(1, 0, 1)).isBetween(0.915, 0.975);
  }

  /** Examples drawn anew for each seed would cover it seven times of ten. */
  @Test
  void mean_hardExamplesAreHardForEverySeed_coversTheTruth() {
    assertThat(coverage(5, 0, 1)).isBetween(0.925, 0.985);
  }

  /** Examples alone would cover it a third of the times. */
  @Test
  void mean_seedsDiffer_coversTheTruthWithManyOfThem() {
    assertThat(coverage(12, 1, 0.5)).isBetween(0.87, 0.97);
    assertThat(coverage(3, 1, 0.5)).as("few seeds say too little").isBetween(0.6, 0.9);
  }

  /** For 0 and 1 half and half, the mean of n = 100 is normal with standard error 1/20. */
  @Test
  void mean_shares_hasTheIntervalOfTheNormalDistribution() {
    double[][] values = new double[1][100];
    for (int i = 0; i < 50; i++) {
      values[0][i] = 1;
    }
    Interval interval = Bootstrap.mean(values, 1);
    assertThat(interval.mean()).isEqualTo(0.5);
    assertThat(interval.low()).isCloseTo(0.402, within(0.021));
    assertThat(interval.high()).isCloseTo(0.598, within(0.021));
  }

  @Test
  void mean_sameSeed_isTheSame() {
    double[][] values = drawn(new Random(3), 4, 1, examples(new Random(4), 20, 1));
    assertThat(Bootstrap.mean(values, 5)).isEqualTo(Bootstrap.mean(values, 5));
    assertThat(Bootstrap.mean(values, 5)).isNotEqualTo(Bootstrap.mean(values, 6));
  }

  @Test
  void mean_oneExample_hasNoInterval() {
    Interval interval = Bootstrap.mean(new double[][] {{1}, {2}, {6}}, 1);
    assertThat(interval).isEqualTo(new Interval(3, Double.NaN, Double.NaN));
  }

  @Test
  void mean_constantValues_hasNoSpread() {
    double[][] values = new double[3][7];
    for (double[] row : values) {
      java.util.Arrays.fill(row, 0.1);
    }
    Interval interval = Bootstrap.mean(values, 1);
    assertThat(interval.mean()).isCloseTo(0.1, within(1e-15));
    assertThat(interval.low()).isEqualTo(interval.mean());
    assertThat(interval.high()).isEqualTo(interval.mean());
  }

  @Test
  void mean_wrongShapes_areRefused() {
    assertThatThrownBy(() -> Bootstrap.mean(new double[0][], 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Bootstrap.mean(new double[2][0], 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Bootstrap.mean(new double[][] {{1, 2}, {1}}, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void mean_manyExamples_takesNoTime() {
    double[][] values = drawn(new Random(5), 5, 1, examples(new Random(6), 109, 1));
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 7; i++) {
      long start = System.nanoTime();
      assertThat(Bootstrap.mean(values, i).mean()).isNotZero();
      best = Math.min(best, System.nanoTime() - start);
    }
    assertThat(best).isLessThan(100_000_000L);
  }
}
