package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class StepProbeTest {
  @Test
  void aMachineThatSlowsDownWithinATurn_keepsTheProportions() {
    // 1 and 3 s, twice as long from the middle of the second turn on.
    List<Double> few = List.of(1.0, 1.0, 2.0, 2.0, 2.0);
    List<Double> more = List.of(3.0, 6.0, 6.0, 6.0, 6.0);
    double[] turns = {4, 7, 8, 8, 8};

    double one = StepProbe.usual(few, turns);

    assertThat(one).isCloseTo(23 / 3.0 / 4, within(1e-12));
    assertThat(StepProbe.usual(more, turns) / one).isCloseTo(3, within(1e-12));
  }

  @Test
  void usual_isTheMeanWithoutTheExtremes() {
    assertThat(StepProbe.usual(List.of(2.0, 90.0, 1.0, 2.0, 0.0)))
        .isCloseTo(5 / 3.0, within(1e-12));
    assertThat(StepProbe.usual(List.of(2.0, 6.0))).isEqualTo(4);
    assertThat(StepProbe.usual(List.of())).isZero();
  }
}
