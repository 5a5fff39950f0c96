package dev.graft.text.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real chat templates against what Python's jinja2 renders from them. */
class SharedCasesTest {
  private static final Path CASES =
      Path.of("..", "..", "shared", "chat-templates", "cases.json").toAbsolutePath().normalize();

  @Test
  void render_everySharedTemplate_equalsPython() throws Exception {
    Assumptions.assumeTrue(Files.exists(CASES), "the shared templates are not here");
    JsonNode root = JsonMapper.builder().build().readTree(CASES.toFile());
    Clock clock = clock(root.get("strftime_now").stringValue());
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    for (JsonNode template : root.get("templates")) {
      for (Map.Entry<String, JsonNode> expected : template.get("expected").properties()) {
        Map<String, Object> variables = new LinkedHashMap<>();
        root.get("context").properties().forEach(e -> variables.put(e.getKey(), e.getValue()));
        root.get("cases")
            .get(expected.getKey())
            .properties()
            .forEach(e -> variables.put(e.getKey(), e.getValue()));
        String source = template.get("source").stringValue();
        String difference = difference(source, variables, clock, expected.getValue());
        if (difference != null) {
          wrong.add(
              template.get("name").stringValue() + " " + expected.getKey() + ": " + difference);
        }
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(700);
    assertThat(wrong).isEmpty();
  }

  private static Clock clock(String time) {
    return Clock.fixed(LocalDateTime.parse(time).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
  }

  private static String difference(
      String source, Map<String, Object> variables, Clock clock, JsonNode expected) {
    String text;
    try {
      Rendered rendered = Template.compile(source).renderTracked(variables, clock);
      text = rendered.text();
      String plain = Template.compile(source).render(variables, clock);
      if (!plain.equals(text)) {
        return "tracking changes the text";
      }
    } catch (TemplateException e) {
      return expected.has("error") ? null : "raised " + e.getMessage();
    }
    if (expected.has("error")) {
      return "should raise " + expected.get("error").stringValue();
    }
    return text.equals(expected.get("text").stringValue())
        ? null
        : "\n--- expected\n" + expected.get("text").stringValue() + "\n--- got\n" + text;
  }
}
