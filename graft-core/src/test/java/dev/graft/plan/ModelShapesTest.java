package dev.graft.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.adapter.TargetModules;
import dev.graft.model.DecoderSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelShapesTest {
  @ParameterizedTest
  @CsvSource({
    "llama-3.1-8b, 8030261248",
    "llama-3.1-70b, 70553706496",
    "qwen2.5-7b, 7615616512",
    "smollm2-135m, 134515008",
  })
  void total_ofPublishedModels_isWhatTheirWeightsHold(String name, long parameters) {
    DecoderSpec spec = PlanModels.spec(name);
    assertThat(ModelShapes.of(spec).total()).isEqualTo(parameters);
    assertThat(spec.parameterCount()).isEqualTo(parameters);
  }

  @Test
  void adapted_llama8b_perRank() {
    DecoderSpec spec = PlanModels.spec("llama-3.1-8b");
    TargetModules attention = TargetModules.parse("q_proj,k_proj,v_proj,o_proj");
    TargetModules mlp = TargetModules.parse("gate_proj,up_proj,down_proj");
    assertThat(ModelShapes.adapted(spec, attention).perRank()).isEqualTo(851_968);
    assertThat(ModelShapes.adapted(spec, mlp).perRank()).isEqualTo(1_769_472);
    assertThat(PlanModels.lora(16).trainable(spec, PlanModels.ALL))
        .isEqualTo(16 * (851_968 + 1_769_472));
  }

  @Test
  void adapted_someLayers_findsLowest() {
    TargetModules upper = TargetModules.parse("model\\.layers\\.(20|21)\\..*q_proj");
    ModelShapes.Adapted adapted = ModelShapes.adapted(PlanModels.spec("smollm2-135m"), upper);
    assertThat(adapted.lowest()).isEqualTo(20);
    assertThat(adapted.perRank()).isEqualTo(2 * (576 + 576));
    assertThat(adapted.modules()).isEqualTo(List.of("self_attn.q_proj"));
  }
}
