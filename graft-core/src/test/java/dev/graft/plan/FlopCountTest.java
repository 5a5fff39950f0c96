package dev.graft.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.model.DecoderSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * By hand for V = 10, d = 4, I = 6, two layers, two heads of 2, one key/value head, and examples of
 * 3 and 5 tokens, 4 of them learnt. A layer's matrices: q 4·4, k 4·2, v 4·2, o 4·4, three of 4·6:
 * 120. Pairs: 1+2+3 and 1+…+5, 21.
 */
class FlopCountTest {
  private static final DecoderSpec TINY = PlanModels.spec("tiny");
  private static final TokenLoad LOAD =
      new TokenLoad(new TreeMap<>(Map.of(3, 1L, 5, 1L)), 4, 0, "test");
  private static final double LAYERS = 2 * 8 * 2 * 120; // 3840
  private static final double ATTENTION = 2 * (2 * 2 * 4 * 21); // 672: two layers, two products
  private static final double HEAD = 2 * 4 * 4 * 10; // 320

  private static FlopCount count(Technique technique, boolean checkpointing) {
    return FlopCount.of(new FlopCount.Work(TINY, technique, PlanModels.ALL, checkpointing), LOAD);
  }

  @Test
  void of_fullFineTuning_isCountByHand() {
    FlopCount flops = count(new Technique(Technique.Kind.FULL, 0), false);
    assertThat(flops.forward()).isEqualTo(LAYERS + ATTENTION + HEAD).isEqualTo(4832);
    assertThat(flops.toInputs()).isEqualTo(LAYERS + 2 * ATTENTION + HEAD);
    assertThat(flops.toWeights()).isEqualTo(LAYERS + HEAD);
    assertThat(flops.adapter()).isZero();
    assertThat(flops.recomputed()).isZero();
  }

  @Test
  void of_lora_hasNoWeightGradientsOfTheBase() {
    FlopCount flops = count(PlanModels.lora(3), false);
    // Σ (in + out) of a layer: 8 + 6 + 6 + 8 + 3·10 = 58.
    assertThat(flops.adapter()).isEqualTo(6.0 * 8 * 3 * 2 * 58);
    assertThat(flops.toWeights()).isZero();
    assertThat(flops.toInputs()).isEqualTo(LAYERS + 2 * ATTENTION + HEAD);
  }

  @Test
  void of_checkpointing_addsAForwardPassOfTheLayers() {
    assertThat(count(PlanModels.lora(1), true).recomputed()).isEqualTo(LAYERS + ATTENTION);
  }

  @Test
  void of_prompting_isForwardAlone() {
    FlopCount flops = count(new Technique(Technique.Kind.PROMPTING, 0), true);
    assertThat(flops.total()).isEqualTo(4832);
  }

  @Test
  void of_softPrompts_seeMoreKeys() {
    // Two virtual tokens before each example: examples of 5 and 7, 15 + 28 pairs.
    FlopCount tuned = count(new Technique(Technique.Kind.PROMPT_TUNING, 2), false);
    assertThat(tuned.forward()).isEqualTo(2.0 * 12 * 2 * 120 + 2 * (4 * 4 * 43) + HEAD);
    // Two more keys for each of 8 queries.
    FlopCount prefixed = count(new Technique(Technique.Kind.PREFIX_TUNING, 2), false);
    assertThat(prefixed.forward()).isEqualTo(LAYERS + 2 * (4 * 4 * (21 + 16)) + HEAD);
  }

  @Test
  void pairs_window_limitsKeys() {
    // Length 5, window 2: 1 + 2 + 2 + 2 + 2; length 3: 1 + 2 + 2.
    assertThat(LOAD.pairs(2, 0)).isEqualTo(9 + 5);
    assertThat(LOAD.pairs(64, 0)).isEqualTo(21);
  }

  @Test
  void total_largeModel_isNearSixParametersATokenWithoutEmbedding() {
    DecoderSpec spec = PlanModels.spec("llama-3.1-8b");
    TokenLoad load = TokenLoad.of(2048 * 100, 2048, 1, "test");
    FlopCount flops =
        FlopCount.of(
            new FlopCount.Work(spec, new Technique(Technique.Kind.FULL, 0), PlanModels.ALL, false),
            load);
    double matrices = ModelShapes.layerMatrices(spec) + 4096.0 * 128256;
    double attention = 12.0 * 4096 * (2049 / 2.0) * 32;
    assertThat(flops.total() / load.tokens()).isEqualTo(6 * matrices + attention);
  }

  @Test
  void formulas_everyMethod_haveLines() {
    for (Technique technique : PlanSettings.techniques(List.of(4), 2)) {
      FlopCount.Work work = new FlopCount.Work(TINY, technique, PlanModels.ALL, true);
      assertThat(FlopCount.formulas(work, LOAD)).hasSizeGreaterThan(3);
    }
  }
}
