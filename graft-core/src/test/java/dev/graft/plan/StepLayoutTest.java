package dev.graft.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.engine.DType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StepLayoutTest {
  private static StepShape shape(Technique technique, int examples, int pass, int length) {
    return new StepShape(
        technique,
        PlanModels.ALL,
        DType.BF16,
        new StepShape.Batch(examples, pass),
        length,
        0.5,
        false,
        2);
  }

  private static List<Integer> tokens(StepLayout layout, int lane) {
    return layout.passes(lane).stream().map(TrainingMemory.Lane::tokens).toList();
  }

  @Test
  void longest_smallGradients_sharesTheBudgetBetweenLanes() {
    StepLayout layout = StepLayout.longest(shape(PlanModels.lora(8), 8, 0, 300), 1000);
    // 1536 tokens for two lanes: two examples of 300 in each pass.
    assertThat(tokens(layout, 0)).containsExactly(600, 600);
    assertThat(tokens(layout, 1)).containsExactly(600, 600);
    assertThat(layout.passes(0).getFirst().learnt()).isEqualTo(300);
    assertThat(layout.imbalance()).isEqualTo(1);
  }

  @Test
  void longest_largeGradients_areOneLane() {
    StepLayout layout = StepLayout.longest(shape(PlanModels.lora(8), 4, 0, 300), 100_000_000);
    assertThat(layout.lanes()).isEqualTo(1);
    assertThat(tokens(layout, 0)).containsExactly(1200);
  }

  @Test
  void longest_microBatch_isOfAllLanesTogether() {
    StepLayout layout = StepLayout.longest(shape(PlanModels.lora(8), 6, 2, 100), 1000);
    assertThat(tokens(layout, 0)).containsExactly(100, 100, 100);
  }

  @Test
  void of_promptTuning_hasLongerExamplesWithAsManyLearnt() {
    StepShape shape = shape(new Technique(Technique.Kind.PROMPT_TUNING, 20), 2, 0, 100);
    TrainingMemory.Lane pass = StepLayout.longest(shape, 1000).passes(0).getFirst();
    assertThat(pass.tokens()).isEqualTo(120);
    assertThat(pass.learnt()).isEqualTo(50);
  }

  @Test
  void of_mixedLengths_hasTheLongestAndIsUneven() {
    TokenLoad load = new TokenLoad(new TreeMap<>(Map.of(10, 500L, 400, 1L)), 100, 0, "test");
    StepLayout layout = StepLayout.of(shape(PlanModels.lora(8), 3, 0, 512), load, 1000);
    assertThat(layout.steps()).hasSizeGreaterThan(8);
    assertThat(tokens(layout, 0)).contains(400);
    assertThat(layout.imbalance()).isGreaterThan(1).isLessThanOrEqualTo(2);
  }

  @Test
  void of_examplesThatBeginAlike_countsThatOnce() {
    TokenLoad load = new TokenLoad(new TreeMap<>(Map.of(150, 5L)), 100, 100, "test");
    StepLayout layout = StepLayout.of(shape(PlanModels.lora(8), 5, 0, 512), load, 1000);
    assertThat(layout.passes(0).getFirst().tokens()).isEqualTo(450);
    assertThat(layout.passes(0).getFirst().distinct()).isEqualTo(100 + 3 * 50);
    // Lanes of 250 and 200 tokens, where 225 each would be even.
    assertThat(layout.imbalance()).isCloseTo(250 / 225.0, within(1e-12));
  }

  @Test
  void of_oneRemainder_isOneStep() {
    TokenLoad load = TokenLoad.of(1030, 100, 1, "test");
    StepLayout layout = StepLayout.of(shape(PlanModels.lora(8), 4, 0, 100), load, 1000);
    assertThat(layout.steps()).hasSize(1);
    assertThat(tokens(layout, 1)).containsExactly(200);
  }
}
