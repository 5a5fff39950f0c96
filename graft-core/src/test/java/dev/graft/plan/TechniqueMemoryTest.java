package dev.graft.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.engine.DType;
import dev.graft.model.DecoderSpec;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TechniqueMemoryTest {
  private static final DecoderSpec LLAMA = PlanModels.spec("llama-3.1-8b");
  private static final DecoderSpec SMALL = PlanModels.spec("smollm2-135m");

  @Test
  void longest_lora_isTheMemoryOfItsPasses() {
    MemoryParts parts =
        TechniqueMemory.longest(SMALL, PlanModels.step(PlanModels.lora(16), 4, 300));
    TrainingMemory memory =
        TrainingMemory.of(
            SMALL,
            TrainingMemory.Trained.lora(16),
            new TrainingMemory.Setting(
                DType.BF16, List.of(TrainingMemory.Lane.of(4, 300, 4 * 299)), false));
    assertThat(parts).isEqualTo(MemoryParts.of(memory));
    assertThat(parts.total()).isEqualTo(memory.total());
  }

  @Test
  void longest_allWeights_isEighteenBytesAParameterWithoutActivations() {
    Technique full = new Technique(Technique.Kind.FULL, 0);
    MemoryParts parts = TechniqueMemory.longest(LLAMA, PlanModels.step(full, 1, 512));
    assertThat(parts.weights() + parts.gradients() + parts.optimizer())
        .isEqualTo(18L * 8_030_261_248L);
  }

  @Test
  void longest_quantised_holdsMatricesInAboutFourBits() {
    MemoryParts plain = TechniqueMemory.longest(LLAMA, PlanModels.step(PlanModels.lora(8), 1, 512));
    Technique qlora = new Technique(Technique.Kind.QLORA, 8);
    MemoryParts small = TechniqueMemory.longest(LLAMA, PlanModels.step(qlora, 1, 512));
    double matrices = ModelShapes.layerMatrices(LLAMA);
    assertThat((double) plain.weights() - small.weights())
        .isCloseTo(matrices * (16 - 4.127) / 8, Percentage.withPercentage(0.001));
    assertThat(small.gradients()).isEqualTo(plain.gradients());
  }

  @ParameterizedTest
  @EnumSource(Technique.Kind.class)
  void longest_moreTokens_needMoreMemory(Technique.Kind kind) {
    long before = 0;
    for (int length : new int[] {64, 256, 1024, 4096}) {
      Technique technique = new Technique(kind, 8);
      MemoryParts parts = TechniqueMemory.longest(SMALL, PlanModels.step(technique, 2, length));
      assertThat(parts.total()).isGreaterThan(before);
      before = parts.total();
    }
  }

  @Test
  void longest_checkpointing_keepsFewerActivations() {
    StepShape step = PlanModels.step(PlanModels.lora(8), 2, 1024);
    assertThat(TechniqueMemory.longest(LLAMA, step.withCheckpointing(true)).activations())
        .isLessThan(TechniqueMemory.longest(LLAMA, step).activations() / 5);
  }

  @Test
  void sharded_dividesByStage() {
    MemoryParts parts = new MemoryParts(100, 80, 60, 5, 4, 3);
    assertThat(parts.sharded(MemoryParts.Sharding.NONE, 8)).isEqualTo(parts);
    assertThat(parts.sharded(MemoryParts.Sharding.OPTIMIZER, 8))
        .isEqualTo(new MemoryParts(100, 80, 8, 5, 4, 3));
    assertThat(parts.sharded(MemoryParts.Sharding.WEIGHTS, 8))
        .isEqualTo(new MemoryParts(13, 10, 8, 5, 4, 3));
  }

  @Test
  void fit_largestIsTheLastThatFits() {
    StepShape wanted = PlanModels.step(PlanModels.lora(16), 8, 1024);
    PlanSettings.Scale scale = new PlanSettings.Scale(1, 1, MemoryParts.Sharding.NONE);
    Fit.Limit limit = new Fit.Limit(LLAMA, scale, 24_000_000_000L);
    Fit fit = Fit.of(limit, wanted);
    int batch = fit.largestBatch();
    assertThat(batch).isPositive();
    assertThat(limit.holds(wanted.withBatch(Math.max(8, batch), batch))).isTrue();
    assertThat(limit.holds(wanted.withBatch(Math.max(8, batch + 1), batch + 1))).isFalse();
    StepShape alone = wanted.withBatch(8, 1);
    assertThat(limit.holds(alone.withLength(fit.largestLength()))).isTrue();
    assertThat(limit.holds(alone.withLength(fit.largestLength() + 1))).isFalse();
    Fit.Choice choice = fit.cheapest().orElseThrow();
    assertThat(choice.examples()).isEqualTo(8);
    assertThat(choice.checkpointing()).isFalse();
  }

  @Test
  void fit_nothing_saysSo() {
    Technique full = new Technique(Technique.Kind.FULL, 0);
    PlanSettings.Scale scale = new PlanSettings.Scale(1, 1, MemoryParts.Sharding.NONE);
    Fit fit = Fit.of(new Fit.Limit(LLAMA, scale, 24_000_000_000L), PlanModels.step(full, 8, 1024));
    assertThat(fit.largestBatch()).isZero();
    assertThat(fit.largestLength()).isZero();
    assertThat(fit.cheapest()).isEmpty();
  }
}
