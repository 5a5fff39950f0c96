package dev.graft.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ScalingLawTest {
  /** Operations of Gopher and Chinchilla (Hoffmann et al., table 1 and section 4). */
  private static final double GOPHER = 5.76e23;

  @Test
  void optimum_hoffmannAtGophersBudget_is40B() {
    // Section 3.4: approach 3 predicts a model of 40B parameters.
    ScalingLaw.Point point = ScalingLaw.HOFFMANN.optimum(GOPHER);
    assertThat(point.parameters()).isCloseTo(40e9, Percentage.withPercentage(2));
    assertThat(point.flops()).isCloseTo(GOPHER, Percentage.withPercentage(1e-6));
  }

  @Test
  void optimum_hoffmann_growsWithThePapersExponent() {
    // Table 2: N grows with C^0.46 in approach 3.
    double ratio =
        ScalingLaw.HOFFMANN.optimum(1e22).parameters()
            / ScalingLaw.HOFFMANN.optimum(1e21).parameters();
    assertThat(Math.log10(ratio)).isCloseTo(0.46, within(0.005));
  }

  @Test
  void optimum_besirogluAtChinchillasBudget_isAbout20TokensAParameter() {
    // Their figure 5 and section 4: consistent with Chinchilla's 70B and 1.4T tokens.
    ScalingLaw.Point point = ScalingLaw.BESIROGLU.optimum(GOPHER);
    assertThat(point.parameters()).isCloseTo(70e9, Percentage.withPercentage(5));
    assertThat(point.tokens() / point.parameters()).isCloseTo(20, within(2.0));
    double ratio =
        ScalingLaw.BESIROGLU.optimum(1e22).parameters()
            / ScalingLaw.BESIROGLU.optimum(1e21).parameters();
    assertThat(Math.log10(ratio)).isCloseTo(0.5126, within(1e-4));
  }

  @Test
  void optimum_anyOtherSplit_hasMoreLoss() {
    for (ScalingLaw law : ScalingLaw.all()) {
      ScalingLaw.Point best = law.optimum(1e21);
      for (double factor : new double[] {0.9, 1.1}) {
        assertThat(law.loss(best.parameters() * factor, best.tokens() / factor))
            .isGreaterThan(best.loss());
      }
      assertThat(law.optimalData(best.parameters()).tokens())
          .isCloseTo(best.tokens(), Percentage.withPercentage(1e-6));
    }
  }

  @Test
  void loss_chinchilla_ofBothLaws() {
    // 1.6934 + 406.4/70e9^0.3392 + 410.7/1.4e12^0.2849 and the same of the replication.
    assertThat(ScalingLaw.HOFFMANN.loss(70e9, 1.4e12)).isCloseTo(1.93, within(0.02));
    assertThat(ScalingLaw.BESIROGLU.loss(70e9, 1.4e12)).isCloseTo(1.97, within(0.02));
  }
}
