package dev.graft.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LossReportTest {
  /** Two examples: L = (2·1 + 1·3) / 4 = 1.25, residuals ±0.75, error √(2/1 · 1.125) / 4. */
  @Test
  void of_twoExamples_isTheRatioEstimator() {
    LossReport report = LossReport.of(List.of(new ExampleLoss(0, 2, 1), new ExampleLoss(1, 1, 3)));
    assertThat(report.loss()).isEqualTo(1.25);
    assertThat(report.tokens()).isEqualTo(4);
    assertThat(report.standardError()).isCloseTo(0.375, within(1e-12));
    assertThat(report.lossHigh()).isCloseTo(1.25 + 1.959964 * 0.375, within(1e-6));
    assertThat(report.perplexity()).isCloseTo(3.490343, within(1e-6));
    assertThat(report.perplexityLow()).isCloseTo(Math.exp(report.lossLow()), within(1e-12));
  }

  @Test
  void of_oneExample_hasNoInterval() {
    LossReport report = LossReport.of(List.of(new ExampleLoss(0, 2, 5)));
    assertThat(report.loss()).isEqualTo(2);
    assertThat(report.standardError()).isNaN();
  }

  @Test
  void of_equalExamples_hasNoSpread() {
    LossReport report = LossReport.of(List.of(new ExampleLoss(0, 2, 5), new ExampleLoss(1, 2, 50)));
    assertThat(report.standardError()).isZero();
  }
}
