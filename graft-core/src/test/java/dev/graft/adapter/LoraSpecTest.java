package dev.graft.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.InputException;
import dev.graft.model.LoraTarget;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoraSpecTest {
  private static final List<String> MODULES =
      List.of(
          "model.layers.0.self_attn.q_proj",
          "model.layers.0.mlp.up_proj",
          "model.layers.1.self_attn.q_proj",
          "model.layers.1.mlp.up_proj");

  private static LoraSpec spec(
      String targets, Map<String, Integer> ranks, Map<String, Double> alphas) {
    return new LoraSpec(4, 8, 0, false, TargetModules.parse(targets), ranks, alphas);
  }

  @Test
  void resolve_takesNamesAndPatternsAsPeftDoes() {
    Map<String, Integer> ranks = new LinkedHashMap<>();
    ranks.put("layers.0.self_attn.q_proj", 16);
    ranks.put("q_proj", 2);
    List<LoraTarget> targets = spec("q_proj", ranks, Map.of("q_proj", 32.0)).resolve(MODULES);
    assertThat(targets)
        .containsExactly(
            new LoraTarget(MODULES.get(0), 16, 2), new LoraTarget(MODULES.get(2), 2, 16));
  }

  @Test
  void resolve_scalesByTheRootOfTheRankWhenStabilised() {
    LoraSpec spec = new LoraSpec(9, 6, 0, true, new TargetModules.AllLinear(), Map.of(), Map.of());
    assertThat(spec.resolve(MODULES).getFirst().scaling()).isCloseTo(2, within(1e-12));
  }

  @Test
  void parse_tellsNamesFromExpressions() {
    assertThat(TargetModules.parse("q_proj, up_proj").matches(MODULES.get(1))).isTrue();
    assertThat(TargetModules.parse("proj").matches(MODULES.get(1))).isFalse();
    TargetModules second = TargetModules.parse(".*layers\\.1\\..*");
    assertThat(second.matches(MODULES.get(0))).isFalse();
    assertThat(second.matches(MODULES.get(3))).isTrue();
  }

  @Test
  void resolve_ofAnUnknownName_saysWhatThereIs() {
    assertThatThrownBy(() -> spec("query", Map.of(), Map.of()).resolve(MODULES))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("query")
        .hasMessageContaining("q_proj, up_proj");
    assertThatThrownBy(() -> spec("q_proj,query", Map.of(), Map.of()).resolve(MODULES))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'query'");
  }

  @Test
  void constructor_refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> LoraSpec.allLinear(0, 8)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> LoraSpec.allLinear(4, Double.NaN)).isInstanceOf(InputException.class);
  }
}
