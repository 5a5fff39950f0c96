package dev.graft.goal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GoalTextTest {
  @TempDir Path folder;

  private GoalReport report() {
    String yaml =
        """
        from-prompt: {product: "Product: (.+)"}
        rules:
          - {rule: at most 3 words, share: 0.75}
          - {rule: one sentence, share: 0.5}
          - names the product
        """;
    return Goals.report(
        Goals.goal(folder, yaml),
        "no product",
        "one",
        "one two three four",
        "Red one. Blue. Dark green",
        "two");
  }

  @Test
  void of_report_showsRulesRowsAndStyle() {
    String text = GoalText.of(report(), 1);
    assertThat(text.lines().skip(1))
        .containsExactly(
            "  at most 3 words     2 of 4 (50.0%, needs 75.0%) MISSED",
            "  exactly 1 sentence  3 of 4 (75.0%, needs 50.0%) ok",
            "  names the product   no answer could be judged by it",
            "",
            "not 'at most 3 words', worst first:",
            "  line 3: 5 words: Red one. Blue. Dark green",
            "  and 1 more",
            "",
            "not 'exactly 1 sentence', that is:",
            "  line 3: 3 sentences: Red one. Blue. Dark green",
            "",
            "what the answers teach now",
            "  words      half have at most 1, 5% at most 1, 95% at most 5, the longest 5",
            "  sentences  half have at most 1, 5% at most 1, 95% at most 3, the longest 3",
            "  form       plain 100.0%",
            "  opening    one 50.0%, Red 25.0%, two 25.0%",
            "  ending     none 100.0%",
            "  language   en 50.0%, unknown 50.0%");
    assertThat(text).startsWith("goal " + folder);
    assertThat(text.lines().findFirst().orElseThrow())
        .endsWith("goal.yaml: 2 of 4 answers would teach the opposite of a rule");
  }

  @Test
  void of_noRowsShown_showsNone() {
    assertThat(GoalText.of(report(), 0)).doesNotContain("line 3");
  }

  @Test
  void json_report_holdsTheSame() {
    Map<String, Object> map = GoalJson.of(report());
    JsonNode json = JsonMapper.shared().valueToTree(map);
    assertThat(json.path("ok").booleanValue()).isFalse();
    assertThat(json.path("opposite").intValue()).isEqualTo(2);
    assertThat(json.at("/rules/0/code").stringValue()).isEqualTo("goal-words");
    assertThat(json.at("/rules/0/verdict").stringValue()).isEqualTo("missed");
    assertThat(json.at("/rules/2/verdict").stringValue()).isEqualTo("not-judged");
    assertThat(json.at("/rules/0/worst/0/line").intValue()).isEqualTo(3);
    assertThat(json.at("/style/forms/plain").doubleValue()).isEqualTo(1);
  }
}
