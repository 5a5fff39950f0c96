package dev.graft.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.evaluate.ExampleLoss;
import dev.graft.evaluate.LossReport;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoresTest {
  private static final double[] LOSS = {2, 1, 4, 0.5};
  private static final int[] TOKENS = {1, 3, 2, 10};

  private static LossReport report() {
    return LossReport.of(
        List.of(
            new ExampleLoss(0, 2, 1),
            new ExampleLoss(1, 1, 3),
            new ExampleLoss(2, 4, 2),
            new ExampleLoss(3, 0.5, 10)));
  }

  @Test
  void loss_hasMeanAndErrorOfTheRatioEstimator() {
    double[] none = new double[4];
    Scores scores = new Scores(LOSS, TOKENS, none, none, new double[0], none);
    double[] values = scores.values(Metric.LOSS);
    assertThat(scores.mean(Metric.LOSS)).isCloseTo(report().loss(), within(1e-12));
    double mean = report().loss();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    assertThat(Math.sqrt(squares / 3 / 4)).isCloseTo(report().standardError(), within(1e-12));
    assertThat(scores.has(Metric.RULES)).isFalse();
  }
}
