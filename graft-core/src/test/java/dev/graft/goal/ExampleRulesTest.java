package dev.graft.goal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleRulesTest {
  private static final String EXAMPLES =
      """
      examples:
        - prompt: What is it?
          answer: The kettle boils the water in one minute.
        - The toaster makes bread brown on both of its sides.
        - answer: The lamp lights the room.
      """;

  @TempDir Path folder;

  @Test
  void derive_examples_givesWhatTheyAgreeOn() {
    Goal goal = Goals.goal(folder, EXAMPLES);
    assertThat(goal.rules())
        .containsExactly(
            "3 to 13 words",
            "exactly 1 sentence",
            "form plain",
            "starts with 'The'",
            "ends with '.'",
            "in English");
    assertThat(goal.all()).allMatch(Rule::derived);
    GoalReport report =
        Goals.report(
            goal,
            "",
            "The fan cools the room.",
            "Der Ventilator ist gut! Er wird und bleibt **gut** und nicht schlecht");
    assertThat(report.rules()).allMatch(rule -> rule.counts().met() >= 1, "met by the first");
    assertThat(report.rules())
        .filteredOn(rule -> rule.counts().missed() == 1)
        .extracting(GoalReport.RuleResult::code)
        .containsExactly("sentences", "form", "opening", "ending", "language");
  }

  @Test
  void derive_statedRules_winOverExamples() {
    Goal goal = Goals.goal(folder, "rules: [at most 30 words, {form: [plain, list]}]\n" + EXAMPLES);
    assertThat(goal.rules())
        .startsWith("at most 30 words", "form plain or list")
        .doesNotContain("3 to 13 words", "form plain")
        .contains("ends with '.'");
  }

  @Test
  void derive_disagreement_givesNoRule() {
    Goal goal = Goals.goal(folder, "examples: ['Yes.', 'No!', '- a\n\n- b']");
    assertThat(goal.rules()).containsExactly("1 to 3 words", "1 to 2 sentences");
  }

  @Test
  void derive_noFinalSign_forbidsIt() {
    Goal goal = Goals.goal(folder, "examples: [a library, some tool, my game]");
    assertThat(goal.rules()).anyMatch(rule -> rule.startsWith("never ends with '.'"));
  }
}
