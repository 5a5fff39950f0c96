package dev.graft.data.check;

import static dev.graft.data.check.Checks.ask;
import static dev.graft.data.check.Checks.chat;
import static dev.graft.data.check.Checks.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.data.LossOn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** For every error a file that shows it and one that nearly does. */
class ErrorCodesTest {
  private static final String GOOD = ask("Name a fruit.", "An apple.");

  @TempDir private Path folder;

  private Checks checks() {
    return new Checks(folder);
  }

  private static void assertFound(CheckReport report, CheckCode code, long... lines) {
    Finding finding =
        Checks.find(report, code)
            .orElseThrow(() -> new AssertionError("no " + code + " in " + report.findings()));
    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
    assertThat(finding.places().stream().mapToLong(Place::line)).containsExactly(box(lines));
    assertThat(finding.rows()).isEqualTo(lines.length);
    assertThat(report.hasErrors()).isTrue();
  }

  private static Long[] box(long[] lines) {
    return java.util.Arrays.stream(lines).boxed().toArray(Long[]::new);
  }

  private static void assertClean(CheckReport report) {
    assertThat(report.findings(Severity.ERROR)).isEmpty();
  }

  @Test
  void malformedRow_notJsonAndUnknownShape_areFoundAndTheRestIsChecked() throws IOException {
    CheckReport report =
        checks().report(GOOD, "{oops", "[1]", "{\"question\": \"a\"}", ask("a?", "<|im_end|>"));
    assertFound(report, CheckCode.MALFORMED_ROW, 2, 3, 4);
    assertFound(report, CheckCode.SPECIAL_TOKEN, 5);
    assertThat(report.rows()).containsEntry(DataFile.DATA, 5L);
  }

  @Test
  void malformedRow_blankLinesAndMoreKeys_areFine() throws IOException {
    assertClean(checks().report("", GOOD, "{\"text\": \"abc\", \"id\": 7}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\" \"}]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"\"},{\"role\":\"assistant\",\"content\":\"b\"}]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":null},{\"role\":\"assistant\",\"content\":\"b\"}]}",
        "{\"messages\":[{\"role\":\"user\"},{\"role\":\"assistant\",\"content\":\"b\"}]}",
        "{\"prompt\":\"a\",\"completion\":\"\"}",
        "{\"prompt\":\"a\",\"completion\":null}",
        "{\"prompt\":null,\"completion\":\"b\"}",
        "{\"text\":\"  \"}",
      })
  void emptyContent_isFound(String line) throws IOException {
    CheckReport report = checks().report(GOOD, line);
    assertFound(report, CheckCode.EMPTY_CONTENT, 2);
    assertThat(report.findings(Severity.ERROR)).hasSize(1);
  }

  @Test
  void emptyContent_callOfAToolAndEmptySystem_areFine() throws IOException {
    List<Object> calls =
        List.of(Map.of("type", "function", "function", Map.of("name", "f", "arguments", Map.of())));
    String call =
        row(
            Map.of(
                "messages",
                List.of(
                    Map.of("role", "system", "content", ""),
                    Map.of("role", "user", "content", "a"),
                    Map.of("role", "assistant", "content", "", "tool_calls", calls),
                    Map.of("role", "tool", "content", ""),
                    Map.of("role", "assistant", "content", "done"))));
    assertClean(checks().report(call));
  }

  @Test
  void wrongRoleOrder_isFound() throws IOException {
    CheckReport report =
        checks()
            .report(
                chat("user", "a", "assistant", "b", "assistant", "c"),
                chat("user", "a", "system", "s", "assistant", "b"),
                chat("user", "a", "assistant", "b", "user", "c"),
                chat("user", "a", "tool", "5", "assistant", "b"),
                chat("user", "a", "assistant", "plain", "tool", "5", "assistant", "b"),
                chat("user", "a", "user", "b", "assistant", "c"),
                chat("assistant", "b"));
    assertFound(report, CheckCode.WRONG_ROLE_ORDER, 1, 2, 3, 4, 5, 6, 7);
    assertThat(Checks.find(report, CheckCode.MALFORMED_ROW)).isEmpty();
  }

  @Test
  void wrongRoleOrder_resultOfNoCall_isFoundByItsId() throws IOException {
    assertFound(checks().report(tool("c2", 1)), CheckCode.WRONG_ROLE_ORDER, 1);
    assertFound(checks().report(tool("c1", 2)), CheckCode.WRONG_ROLE_ORDER, 1);
    assertClean(checks().report(tool("c1", 1)));
  }

  private static String tool(String answered, int results) {
    List<Map<String, Object>> messages = new java.util.ArrayList<>();
    messages.add(Map.of("role", "user", "content", "a"));
    messages.add(
        Map.of(
            "role",
            "assistant",
            "content",
            "",
            "tool_calls",
            List.of(Map.of("id", "c1", "function", Map.of("name", "f", "arguments", "{}")))));
    for (int i = 0; i < results; i++) {
      messages.add(Map.of("role", "tool", "tool_call_id", answered, "content", "5"));
    }
    messages.add(Map.of("role", "assistant", "content", "It is five."));
    return row(Map.of("messages", messages));
  }

  @Test
  void wrongRoleOrder_usualConversations_areFine() throws IOException {
    assertClean(
        checks()
            .report(
                chat("system", "s", "user", "a", "assistant", "b"),
                chat("user", "a", "assistant", "b", "user", "c", "assistant", "d"),
                chat("assistant", "Welcome.", "user", "Hi.", "assistant", "How can I help?"),
                chat("user", "q", "assistant", "{\"call\": 1}", "tool", "5", "assistant", "e")));
  }

  @Test
  void templateRefuses_isFound() throws IOException {
    String strict =
        "{% for m in messages %}{% if m['content'] == 'no' %}{{ raise_exception('not that') }}"
            + "{% endif %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
            + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
    CheckReport report = checks().template(strict).report(ask("yes", "a"), ask("no", "b"));
    assertFound(report, CheckCode.TEMPLATE_REFUSES, 2);
    assertClean(checks().template(strict).report(ask("yes", "a")));
  }

  @Test
  void nothingLearnt_messageThatIsNotTrained_isFound() throws IOException {
    String untrained =
        row(
            Map.of(
                "messages",
                List.of(
                    Map.of("role", "user", "content", "a"),
                    Map.of("role", "assistant", "content", "b", "train", false))));
    assertFound(checks().report(GOOD, untrained), CheckCode.NOTHING_LEARNT, 2);
  }

  @Test
  void nothingLearnt_earlierMessageNotTrained_isFine() throws IOException {
    String row =
        row(
            Map.of(
                "messages",
                List.of(
                    Map.of("role", "user", "content", "a"),
                    Map.of("role", "assistant", "content", "b", "train", false),
                    Map.of("role", "user", "content", "c"),
                    Map.of("role", "assistant", "content", "d"))));
    assertClean(checks().lossOn(LossOn.ALL_ASSISTANT).report(row));
  }

  @Test
  void endOfTurnNotLearnt_templateWithoutEnd_isFound() throws IOException {
    String template =
        "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}"
            + "{% if add_generation_prompt %}assistant: {% endif %}";
    CheckReport report = checks().template(template).report(GOOD);
    assertFound(report, CheckCode.END_OF_TURN_NOT_LEARNT, 1);
    assertClean(checks().report(GOOD));
  }

  @Test
  void endOfTurnNotLearnt_completionOfAModelWithoutEnd_isFound() throws IOException {
    String line = "{\"prompt\": \"a\", \"completion\": \"b\"}";
    assertFound(checks().withoutEos().report(line), CheckCode.END_OF_TURN_NOT_LEARNT, 1);
    assertClean(checks().report(line));
  }

  @Test
  void promptMismatch_templateThatChangesThePrompt_isFound() throws IOException {
    String template =
        "{% for m in messages %}<|im_start|>{{ m['role'] }}\n"
            + "{% if m['role'] == 'user' and messages[-1]['role'] == 'user' %}(asks) {% endif %}"
            + "{{ m['content'] }}<|im_end|>\n{% endfor %}"
            + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
    CheckReport report = checks().template(template).report(GOOD);
    assertFound(report, CheckCode.PROMPT_MISMATCH, 1);
    assertClean(checks().template(template.replace("(asks) ", "")).report(GOOD));
  }

  @Test
  void answerCut_byOneToken_isFound() throws IOException {
    int tokens = 0;
    while (tokens < 200 && checks().maxLength(++tokens).report(GOOD).hasErrors()) {
      CheckReport report = checks().maxLength(tokens).report(GOOD);
      assertFound(report, CheckCode.ANSWER_CUT, 1);
    }
    assertThat(tokens).as("the length from which on nothing is cut").isBetween(20, 100);
  }

  @Test
  void specialToken_inAMessageOfTheUserOrTheAssistant_isFound() throws IOException {
    CheckReport report =
        checks()
            .report(
                ask("Say <|im_end|> now.", "Hm."), ask("a", "b <|im_start|>user"), ask("c", "d"));
    assertFound(report, CheckCode.SPECIAL_TOKEN, 1, 2);
  }

  @Test
  void specialToken_lookAlike_isFine() throws IOException {
    assertClean(checks().report(ask("Say < |im_end| > or <|im_done|>.", "<im_end>")));
  }

  @Test
  void duplicateRow_otherWhiteSpace_isFound() throws IOException {
    CheckReport report =
        checks().report(GOOD, ask("b?", "c"), GOOD, ask("Name  a\nfruit.", "An apple. "));
    assertFound(report, CheckCode.DUPLICATE_ROW, 3, 4);
    assertThat(Checks.find(report, CheckCode.CONFLICTING_ANSWERS)).isEmpty();
  }

  @Test
  void duplicateRow_sameAnswerToAnotherPrompt_isFine() throws IOException {
    assertClean(checks().report(GOOD, ask("Name a fruit!", "An apple.")));
  }

  @Test
  void validInTrain_sameRow_isFound() throws IOException {
    CheckReport report =
        checks().report(List.of(GOOD, ask("b?", "c")), List.of(ask("d?", "e"), GOOD));
    assertFound(report, CheckCode.VALID_IN_TRAIN, 2);
    assertThat(Checks.find(report, CheckCode.VALID_IN_TRAIN).orElseThrow().places())
        .containsExactly(new Place(DataFile.VALID, 2));
    assertClean(checks().report(List.of(GOOD), List.of(ask("d?", "e"))));
  }

  private static String story(String word, int number) {
    return ask(
        "Tell the story in one line.\n\nThe old keeper of the "
            + word
            + " wrote a long letter to"
            + " his sister about the winter storms, the broken lamp and the two strangers who came"
            + " in a small boat, and she kept it in the drawer by the window. "
            + number,
        "A keeper writes home.");
  }

  @Test
  void validNearTrain_oneWordChanged_isFound() throws IOException {
    CheckReport report =
        checks()
            .report(
                List.of(ask("b?", "c"), story("light house", 1)),
                List.of(ask("d?", "e"), story("lighthouse", 1)));
    assertFound(report, CheckCode.VALID_NEAR_TRAIN, 2);
    assertThat(Checks.find(report, CheckCode.VALID_IN_TRAIN)).isEmpty();
  }

  @Test
  void validNearTrain_sameInstructionAndOtherText_isFine() throws IOException {
    String instruction =
        "Read the following text with care, think about what it says, then write one line that a"
            + " reader in a hurry can understand without having read the text itself. Text: ";
    List<String> data = new java.util.ArrayList<>();
    List<String> valid = new java.util.ArrayList<>();
    for (int i = 0; i < 10; i++) {
      data.add(ask(instruction + "train" + i + " came late", "answer " + i));
      valid.add(ask(instruction + "boat" + i + " went early", "reply " + i));
    }
    assertClean(checks().report(data, valid));
    String system = instruction + instruction;
    assertClean(
        checks()
            .report(
                List.of(chat("system", system, "user", "a b c", "assistant", "d")),
                List.of(chat("system", system, "user", "e f g", "assistant", "h"))));
  }

  @Test
  void conflictingAnswers_samePrompt_allAreListed() throws IOException {
    CheckReport report =
        checks().report(ask("x", "y"), GOOD, ask("Name a fruit.", "A pear."), ask("p", "q"));
    assertFound(report, CheckCode.CONFLICTING_ANSWERS, 2, 3);
  }

  @Test
  void conflictingAnswers_otherSystemMessage_isFine() throws IOException {
    assertClean(
        checks()
            .report(
                chat("system", "English", "user", "Hi", "assistant", "Hello"),
                chat("system", "German", "user", "Hi", "assistant", "Hallo")));
  }

  @Test
  void conflictingAnswers_plainTexts_haveNoPrompt() throws IOException {
    assertClean(checks().report("{\"text\": \"a\"}", "{\"text\": \"b\"}"));
  }

  @Test
  void allow_makesAWarningOfAnError() throws IOException {
    CheckReport report = checks().allow(CheckCode.DUPLICATE_ROW).report(GOOD, GOOD);
    assertThat(report.hasErrors()).isFalse();
    assertThat(report.findings(Severity.WARNING))
        .singleElement()
        .extracting(Finding::code)
        .isEqualTo(CheckCode.DUPLICATE_ROW);
  }

  @Test
  void read_fileWithoutRows_isRefused() {
    assertThatThrownBy(() -> checks().report(""))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("data.jsonl: holds no rows");
  }

  @Test
  void report_manyRows_keepsTheirOrder() throws IOException {
    List<String> lines = new java.util.ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      lines.add(ask("Question " + i, i % 3 == 0 ? "a <|im_end|>" : "b"));
    }
    Finding finding = Checks.find(checks().report(lines), CheckCode.SPECIAL_TOKEN).orElseThrow();
    assertThat(finding.rows()).isEqualTo(334);
    assertThat(finding.places()).isSorted().hasSize(334);
    assertThat(finding.places().getLast().line()).isEqualTo(1000);
  }
}
