package dev.graft.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.engine.DType;
import dev.graft.plan.Pace.RankRates;
import dev.graft.plan.Pace.Rates;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final Pace PACE =
      new Pace(
          new Rates(4, 2, 1, 7),
          List.of(
              new RankRates(8, new Rates(1, 10, 0, 1)), new RankRates(24, new Rates(2, 10, 0, 1))),
          0.5,
          true,
          2,
          1);

  /** Steps of lanes with one pass each, of so many tokens. */
  private static StepLayout layout(int[]... steps) {
    return new StepLayout(
        Arrays.stream(steps)
            .map(step ->
                Arrays.stream(step)
                    .mapToObj(tokens -> List.of(TrainingMemory.Lane.of(1, tokens, 1)))
                    .toList())
            .toList());
  }

  @Test
  void rates_betweenRanks_areInProportion() {
    assertThat(PACE.rates(PlanModels.lora(4)).layers()).isEqualTo(1);
    assertThat(PACE.rates(PlanModels.lora(16)).layers()).isEqualTo(1.5);
    assertThat(PACE.rates(PlanModels.lora(64)).layers()).isEqualTo(2);
    assertThat(PACE.rates(new Technique(Technique.Kind.PREFIX_TUNING, 20)).layers()).isEqualTo(1);
  }

  @Test
  void seconds_addUpWork() {
    ExecutedFlops flops = new ExecutedFlops(10, 20, 6, 3, 4);
    Technique full = new Technique(Technique.Kind.FULL, 0);
    // 30 in layers at 4, 6 anew at 4, 7 in the head at 2, all 1.5 times; 5 steps of 100.
    StepLayout uneven = layout(new int[] {30, 10});
    assertThat(PACE.seconds(full, flops, 100, 5, uneven))
        .isCloseTo(1.5 * (120 + 24 + 14) + 500, within(1e-9));
    // Passes of two lengths, 32 and 16, both of which are surely met; 7 more for each.
    StepLayout fresh = layout(new int[] {30, 10}, new int[] {10, 30});
    assertThat(PACE.seconds(full, flops, 100, 500, fresh))
        .isCloseTo(1.5 * (120 + 24 + 14) + 50_000 + 2 * 7, within(1e-9));
    // Each is missing from four passes once in sixteen times.
    assertThat(PACE.seconds(full, flops, 0, 2, fresh))
        .isCloseTo(1.5 * (120 + 24 + 14) + 2 * 15 / 16.0 * 7, within(1e-9));
    Technique none = new Technique(Technique.Kind.PROMPTING, 0);
    assertThat(PACE.seconds(none, flops, 0, 0, layout(new int[] {10})))
        .isCloseTo(10 * 0.5 + 3 * 10, within(1e-9));
  }

  @Test
  void measure_tinyModel_givesFiniteRates() {
    Technique lora = PlanModels.lora(4);
    // In float32, which has no kernels to be compiled first.
    StepShape step =
        new StepShape(lora, PlanModels.ALL, DType.F32, new StepShape.Batch(2, 0), 32, 1, false, 1);
    TokenLoad load = TokenLoad.of(1000, 32, 0.5, "test");
    Pace pace = PaceProbe.measure(PlanModels.spec("small"), step, load, List.of(4, 16), 0.05);
    assertThat(pace.exact()).isTrue();
    assertThat(pace.adapters()).extracting(RankRates::rank).containsExactly(4, 16);
    assertThat(pace.all().optimizer()).isPositive().isFinite();
    assertThat(pace.layersForward()).isPositive().isFinite();
    for (RankRates each : pace.adapters()) {
      assertThat(each.rates().layers()).isPositive().isFinite();
      assertThat(each.rates().head()).isPositive().isFinite();
    }
  }

  @Test
  void probeModel_largeModel_isNarrower() {
    var spec = ProbeModel.of(PlanModels.spec("llama-3.1-70b"), 2);
    assertThat(spec.layers()).isEqualTo(2);
    assertThat(spec.headDim()).isEqualTo(128);
    assertThat(spec.heads() / spec.kvHeads()).isEqualTo(8);
    assertThat(spec.parameterCount()).isLessThan(130_000_000);
    assertThat(ProbeModel.isExact(PlanModels.spec("llama-3.1-70b"))).isFalse();
    assertThat(ProbeModel.isExact(PlanModels.spec("smollm2-135m"))).isTrue();
  }
}
