package dev.graft.goal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class SchemaCheckTest {
  private static final String SCHEMA =
      """
      {"type": "object", "required": ["name"], "additionalProperties": false,
       "properties": {"name": {"type": "string", "pattern": "^[a-z]+$"},
                      "tags": {"type": "array", "items": {"enum": ["a", "b"]}, "maxItems": 2}}}
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rules: [{json-schema: schema.json}]",
        """
        rules:
          - json-schema: |
              {"type": "object", "required": ["name"], "additionalProperties": false,
               "properties": {"name": {"type": "string", "pattern": "^[a-z]+$"},
                              "tags": {"items": {"enum": ["a", "b"]}, "maxItems": 2}}}
        """,
        """
        rules:
          - json-schema:
              type: object
              required: [name]
              additionalProperties: false
              properties:
                name: {type: string, pattern: "^[a-z]+$"}
                tags: {items: {enum: [a, b]}, maxItems: 2}
        """
      })
  void judge_answers_bySchemaHoweverItIsGiven(String yaml) throws Exception {
    Files.writeString(folder.resolve("schema.json"), SCHEMA);
    GoalReport report =
        Goals.report(
            Goals.goal(folder, yaml),
            "",
            "{\"name\": \"abc\", \"tags\": [\"a\"]}",
            "{\"name\": \"ABC\"}",
            "{\"tags\": [\"a\", \"c\", \"b\"], \"other\": 1}",
            "{\"name\": 3}",
            "no json");
    GoalReport.RuleResult result = report.rules().getFirst();
    assertThat(result.counts()).isEqualTo(new GoalReport.Counts(1, 4, 0, 0));
    assertThat(result.worst())
        .extracting(GoalReport.Offender::line)
        .as("not JSON, then the one with most faults")
        .startsWith(5L, 3L);
    assertThat(result.worst())
        .extracting(GoalReport.Offender::what)
        .anyMatch(what -> what.startsWith("/name: "))
        .anyMatch(what -> what.startsWith("not JSON: "));
    assertThat(report.findings()).singleElement().matches(f -> f.code().equals("goal-json-schema"));
  }

  @Test
  void read_remoteReference_isNotFetched() {
    Goals.refused(folder, "rules: [{json-schema: {$ref: 'http://localhost:1/schema.json'}}]")
        .hasMessageContaining("json-schema");
  }

  @Test
  void read_fileReference_isNotFetched() throws Exception {
    Path other = Files.writeString(folder.resolve("other.json"), "{\"type\": \"string\"}");
    Goals.refused(folder, "rules: [{json-schema: {$ref: '" + other.toUri() + "'}}]")
        .hasMessageContaining("json-schema");
  }

  @Test
  void judge_endlessSchema_isBounded() {
    Goal goal = Goals.goal(folder, "rules: [{json-schema: {allOf: [{$ref: '#'}]}}]");
    GoalReport report = Goals.report(goal, "", "{\"a\": 1}");
    assertThat(report.rules().getFirst().counts().missed()).isEqualTo(1);
  }

  @Test
  void judge_schemaThatDoubles_isBounded() {
    StringBuilder defs = new StringBuilder("{\"d0\": {\"type\": \"object\"}");
    for (int i = 1; i < 60; i++) {
      String before = "{\"$ref\": \"#/$defs/d" + (i - 1) + "\"}";
      defs.append(", \"d%d\": {\"allOf\": [%s, %s]}".formatted(i, before, before));
    }
    String schema = "{\"$defs\": " + defs + "}, \"$ref\": \"#/$defs/d59\"}";
    Goal goal = Goals.goal(folder, "rules:\n  - json-schema: |\n      " + schema);
    GoalReport report = Goals.report(goal, "", "{\"a\": 1}");
    assertThat(report.rules().getFirst().worst().getFirst().what()).contains("too long");
  }

  @Test
  void judge_patternThatWouldBacktrack_isFast() {
    Goal goal = Goals.goal(folder, "rules: [{json-schema: {pattern: '^(a+)+$'}}]");
    GoalReport report = Goals.report(goal, "", "\"" + "a".repeat(50_000) + "!\"", "\"aa\"");
    assertThat(report.rules().getFirst().counts().met()).isEqualTo(1);
  }
}
