package dev.graft.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.testing.Golden;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RougeLTest {
  @Test
  void f1_plainTexts_isThatOfRougeScoreToTheBit() {
    JsonNode pairs = Golden.json("rouge.json").get("plain");
    assertThat(pairs.size()).isGreaterThanOrEqualTo(40);
    for (JsonNode pair : pairs) {
      assertThat(f1(pair)).as("%s", pair).isEqualTo(pair.get("f1").doubleValue());
    }
  }

  @Test
  void f1_otherScripts_isThatOfRougeScoreOverTheseTokens() {
    JsonNode pairs = Golden.json("rouge.json").get("scripts");
    assertThat(pairs.size()).isGreaterThanOrEqualTo(25);
    for (JsonNode pair : pairs) {
      List<String> tokens = pair.get("tokens").valueStream().map(JsonNode::asString).toList();
      assertThat(RougeL.tokens(pair.get("answer").asString())).as("%s", pair).isEqualTo(tokens);
      assertThat(f1(pair)).as("%s", pair).isEqualTo(pair.get("f1").doubleValue());
    }
  }

  private static double f1(JsonNode pair) {
    return RougeL.f1(pair.get("answer").asString(), pair.get("reference").asString());
  }

  @Test
  void f1_twoFarTooLongTexts_needsLittleMemory() {
    String text = "one two three four five ".repeat(4000);
    assertThat(RougeL.f1(text + "six", text)).isCloseTo(40_000.0 / 40_001, within(1e-12));
  }

  @Test
  void f1_loneSurrogates_areNoTokens() {
    assertThat(RougeL.f1("\ud800 a \udc00", "a")).isEqualTo(1);
  }
}
