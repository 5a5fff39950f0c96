package dev.graft.text.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Small templates against what Python's jinja2 renders; see golden/make_template_cases.py. */
class GoldenCasesTest {
  @Test
  void render_everyGoldenCase_equalsPython() throws Exception {
    JsonNode root;
    try (var in = GoldenCasesTest.class.getResourceAsStream("/templates/cases.json")) {
      root = JsonMapper.builder().build().readTree(in);
    }
    Map<String, Object> variables = new LinkedHashMap<>();
    root.get("variables").properties().forEach(e -> variables.put(e.getKey(), e.getValue()));
    List<String> wrong = new ArrayList<>();
    for (JsonNode example : root.get("cases")) {
      String source = example.get("source").stringValue();
      String got;
      try {
        got = Template.compile(source).renderTracked(variables, Clock.systemUTC()).text();
      } catch (TemplateException e) {
        got = "ERROR " + e.getMessage();
      }
      boolean right =
          example.has("error")
              ? got.startsWith("ERROR ")
              : got.equals(example.get("text").stringValue());
      if (!right) {
        wrong.add(source + "\n    expected " + example + "\n    got      " + got);
      }
    }
    assertThat(root.get("cases").size()).isGreaterThan(450);
    assertThat(wrong).isEmpty();
  }
}
