package dev.graft.goal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.data.Row;
import dev.graft.data.RowOptions;
import dev.graft.data.RowReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoalCheckTest {
  @TempDir Path folder;

  @Test
  void report_share_decidesTheVerdict() {
    String rule = "rules:\n  - rule: at most 2 words\n    share: ";
    String[] answers = {"one", "one two", "a b c d e", "a b c"};
    GoalReport met = Goals.report(Goals.goal(folder, rule + "0.5"), "", answers);
    GoalReport missed = Goals.report(Goals.goal(folder, rule + "0.51"), "", answers);
    assertThat(met.met()).isTrue();
    assertThat(missed.met()).isFalse();
    assertThat(met.findings())
        .containsExactly(
            new GoalReport.Finding(
                GoalReport.Severity.WARNING,
                "goal-words",
                2,
                List.of(3L, 4L),
                "'at most 2 words' is met by 2 of 4 answers (50.0%)",
                "look at the rows listed: they teach the opposite of the rule"));
    assertThat(missed.findings().getFirst().severity()).isEqualTo(GoalReport.Severity.ERROR);
    assertThat(missed.findings().getFirst().message()).endsWith(", fewer than the 51.0% needed");
  }

  @Test
  void report_manyOffenders_keepsTheWorst() {
    var check = new GoalCheck(Goals.goal(folder, "rules: [one word]"));
    for (int line = 1; line <= 1000; line++) {
      check.add(new Row.Text(line, "w ".repeat(line)));
    }
    GoalReport.RuleResult result = check.report().rules().getFirst();
    assertThat(result.counts().missed()).isEqualTo(999);
    assertThat(result.worst()).hasSize(100);
    assertThat(result.worst().getFirst().line()).isEqualTo(1000);
    assertThat(result.worst().getLast().line()).isEqualTo(901);
    assertThat(result.worst().getFirst().answer()).hasSize(161).endsWith("…");
  }

  @Test
  void report_offenderWithControls_isShownOnOneLine() {
    GoalReport report =
        Goals.report(Goals.goal(folder, "rules: [one word]"), "", "a\nb\u001b[31m\u202e \ud800 c");
    assertThat(report.rules().getFirst().worst().getFirst().answer())
        .isEqualTo("a b\ufffd[31m\ufffd \ufffd c");
  }

  @Test
  void report_when_leavesOtherRowsOut() {
    Goal goal = Goals.goal(folder, "rules: [{rule: valid JSON, when: '(?i)as json'}]");
    var check = new GoalCheck(goal);
    check.add(new Row.Completion(1, "Say it as JSON", "[1]"));
    check.add(new Row.Completion(2, "Say it", "one"));
    check.add(new Row.Completion(3, "As JSON, please", "one"));
    assertThat(check.report().rules().getFirst().counts())
        .isEqualTo(new GoalReport.Counts(1, 1, 0, 1));
  }

  @Test
  void report_nothingJudged_isAWarning() {
    Goal goal =
        Goals.goal(folder, "from-prompt: {product: 'Product: (.+)'}\nrules: [names the product]");
    GoalReport report = Goals.report(goal, "no such thing", "an answer");
    assertThat(report.met()).isTrue();
    assertThat(report.rules().getFirst().verdict()).isEqualTo(GoalReport.Verdict.NOT_JUDGED);
    assertThat(report.findings().getFirst().advice()).contains("from-prompt");
  }

  @Test
  void report_longCapture_isNoName() {
    Goal goal =
        Goals.goal(folder, "from-prompt: {product: 'Product: (.+)'}\nrules: [names the product]");
    String much = "a".repeat(100_000);
    GoalReport report = Goals.report(goal, "Product: " + much, much + "b");
    assertThat(report.rules().getFirst().counts().undecided()).isEqualTo(1);
  }

  @Test
  void add_rowsOfAllShapes_judgesTheAnswerToLearn() {
    var check = new GoalCheck(Goals.goal(folder, "rules: [says good]"));
    Row good = new Row.Completion(1, "p", "good");
    Row bad = new Row.Completion(1, "p", "bad");
    check.add(good);
    check.add(new Row.Text(2, "good"));
    check.add(new Row.Preference(3, good, bad));
    check.add(new Row.Feedback(4, good, true));
    check.add(new Row.Feedback(5, bad, false));
    check.add(
        new Row.Chat(
            6,
            List.of(
                Map.of("role", "user", "content", "p"),
                Map.of("role", "assistant", "content", "bad"),
                Map.of("role", "user", "content", "again"),
                Map.of(
                    "role",
                    "assistant",
                    "content",
                    List.of(Map.of("type", "text", "text", "good")))),
            List.of()));
    check.add(
        new Row.Chat(
            7,
            List.of(
                Map.of("role", "user", "content", "p"),
                Map.of("role", "assistant", "tool_calls", List.of())),
            List.of()));
    GoalReport report = check.report();
    assertThat(report.rows()).isEqualTo(5);
    assertThat(report.skipped()).isEqualTo(2);
    assertThat(report.opposite()).isZero();
  }

  @Test
  void of_fileWithBadRows_goesOn() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("rows.jsonl"),
            "{\"text\": \"one\"}\n{\"no\": 1}\n[\n{\"text\": \"two\"}\n");
    try (var rows = RowReader.open(file)) {
      GoalReport report =
          GoalCheck.of(Goals.goal(folder, "rules: [one word]"), rows, RowOptions.DEFAULT);
      assertThat(report.rows()).isEqualTo(2);
      assertThat(report.unreadable()).isEqualTo(2);
    }
  }

  @Test
  void of_folder_namesTheFilesOfTheWorst() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.writeString(data.resolve("a.jsonl"), "{\"text\": \"one\"}\n");
    Path second =
        Files.writeString(
            data.resolve("b.jsonl"), "{\"text\": \"one\"}\n{\"text\": \"one two\"}\n");
    Goal goal = Goals.goal(folder, "rules: [one word]");
    try (var rows = RowReader.open(data)) {
      GoalReport report = GoalCheck.of(goal, rows, RowOptions.DEFAULT);
      assertThat(GoalText.of(report, 5)).contains("  " + second + ":2: 2 words: one two");
      assertThat(GoalJson.of(report).toString()).contains("file=" + second + ", line=2");
    }
    try (var rows = RowReader.open(second)) {
      GoalReport report = GoalCheck.of(goal, rows, RowOptions.DEFAULT);
      assertThat(GoalText.of(report, 5)).contains("  line 2: 2 words: one two");
      assertThat(GoalJson.of(report).toString()).doesNotContain("file=");
    }
  }

  @Test
  void report_noRows_isEmpty() {
    GoalReport report = Goals.report(Goals.goal(folder, "rules: [one word]"), "");
    assertThat(report.rows()).isZero();
    assertThat(report.style().words()).isEqualTo(new StyleSummary.Lengths(0, 0, 0, 0));
  }

  @Test
  void style_answers_areSummedUp() {
    GoalReport report =
        Goals.report(
            Goals.goal(folder, "rules: [one word]"),
            "",
            "The cat is on the mat.",
            "The dog",
            "- a\n- b",
            "Is it?");
    StyleSummary style = report.style();
    assertThat(style.words()).isEqualTo(new StyleSummary.Lengths(2, 2, 6, 6));
    assertThat(style.forms().getFirst()).isEqualTo(new StyleSummary.Share("plain", 3, 0.75));
    assertThat(style.openings().getFirst()).isEqualTo(new StyleSummary.Share("The", 2, 0.5));
    assertThat(style.endings().getFirst()).isEqualTo(new StyleSummary.Share("none", 2, 0.5));
    assertThat(style.languages()).extracting(StyleSummary.Share::what).contains("en", "unknown");
  }

  @Test
  void style_manyOpenings_keepsTheFrequentOnes() {
    var check = new GoalCheck(Goals.goal(folder, "rules: [one word]"));
    for (int line = 1; line <= 60_000; line++) {
      check.add(new Row.Text(line, line % 10 == 0 ? "Often this" : "rare" + line));
    }
    StyleSummary.Share first = check.report().style().openings().getFirst();
    assertThat(first.what()).isEqualTo("Often");
    assertThat(first.count()).isBetween(5990L, 6000L);
  }

  @Test
  void of_sharedSummaries_areShortSentencesInOneLine() {
    Path file = Path.of("../../shared/data/package-summaries/train.jsonl");
    assumeTrue(Files.exists(file), "no shared data");
    Goal goal =
        Goals.goal(
            folder, "rules: [one sentence, at most 25 words, one line, no markdown, in English]");
    try (var rows = RowReader.open(file)) {
      GoalReport report = GoalCheck.of(goal, rows, RowOptions.DEFAULT);
      assertThat(report.rows()).isEqualTo(2000);
      assertThat(report.rules())
          .as("%s", report.rules().stream().map(r -> r.text() + r.counts()).toList())
          .allMatch(rule -> rule.share() > 0.96);
      assertThat(report.opposite()).isBetween(1L, 100L);
    }
  }
}
