package dev.graft.data.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.EncodedRow;
import dev.graft.data.Row;
import dev.graft.testing.Golden;
import dev.graft.text.Encoding;
import dev.graft.text.LossMask;
import dev.graft.text.Tokenizer;
import dev.graft.text.template.CharRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What needs rows, or masks of the loss, that no file gives. */
class RowChecksTest {
  private static final String TEXT = "<|im_start|>assistant\nYes.<|im_end|>\n";
  private static final int CLOSING = TEXT.indexOf("<|im_end|>");

  private static Row.Completion answer(long line, String prompt, String answer) {
    return new Row.Completion(line, prompt, answer);
  }

  private static CheckedRow checked(Row row) {
    return new CheckedRow(
        new Place(DataFile.DATA, row.line()), row, RowTexts.of(row), List.of(), List.of());
  }

  private static List<Finding> repeats(Row... rows) {
    RepeatCheck check = new RepeatCheck(place -> "line " + place.line());
    for (Row row : rows) {
      check.examine(checked(row)).run();
    }
    return check.findings();
  }

  private static Row.Preference prefer(long line, String chosen, String rejected) {
    return new Row.Preference(line, answer(line, "Q", chosen), answer(line, "Q", rejected));
  }

  @Test
  void chosenIsRejected_sameAnswer_isFound() {
    assertThat(Shapes.of(prefer(1, "a", " a")))
        .extracting(Issue::code)
        .containsExactly(CheckCode.CHOSEN_IS_REJECTED);
    assertThat(Shapes.of(prefer(1, "a", "b"))).isEmpty();
  }

  @Test
  void conflictingAnswers_preferenceTheOtherWayRound_isFound() {
    assertThat(repeats(prefer(1, "a", "b"), prefer(2, "b", "a")))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.code()).isEqualTo(CheckCode.CONFLICTING_ANSWERS);
          assertThat(finding.rows()).isEqualTo(2);
        });
    assertThat(repeats(prefer(1, "a", "b"), prefer(2, "a", "c"), prefer(3, "b", "c"))).isEmpty();
  }

  @Test
  void conflictingAnswers_feedbackBothGoodAndBad_isFound() {
    Row.Feedback good = new Row.Feedback(1, answer(1, "Q", "a"), true);
    assertThat(repeats(good, new Row.Feedback(2, answer(2, "Q", "a"), false)))
        .extracting(Finding::code)
        .containsExactly(CheckCode.CONFLICTING_ANSWERS);
    assertThat(repeats(good, new Row.Feedback(2, answer(2, "Q", "b"), false))).isEmpty();
    assertThat(repeats(good, new Row.Feedback(2, answer(2, "Q", "a"), true)))
        .extracting(Finding::code)
        .containsExactly(CheckCode.DUPLICATE_ROW);
  }

  @Test
  void padHidesEndOfTurn_paddingLeftOutOfTheMask_isFound() {
    assertThat(learnt(OptionalInt.of(2), CLOSING)).containsExactly(CheckCode.PAD_HIDES_END_OF_TURN);
    assertThat(learnt(OptionalInt.of(2), CLOSING + 10)).isEmpty();
    assertThat(learnt(OptionalInt.of(0), CLOSING))
        .containsExactly(CheckCode.END_OF_TURN_NOT_LEARNT);
  }

  /** Codes of a turn of which the characters before {@code end} are learnt. */
  private static List<CheckCode> learnt(OptionalInt pad, int end) {
    try (Tokenizer tokenizer = Tokenizer.load(Golden.path("models/llama-tied"))) {
      Row row = new Row.Chat(1, List.of(Map.of("role", "assistant", "content", "Yes.")), List.of());
      CheckedRow checked =
          new CheckedRow(
              new Place(DataFile.DATA, 1),
              row,
              RowTexts.of(row),
              List.of(encoded(tokenizer.encode(TEXT), row, end)),
              List.of());
      List<Issue> issues = new ArrayList<>();
      new LearntRule(new ModelFacts(tokenizer, Set.of(2), pad)).examine(checked, issues);
      return issues.stream().map(Issue::code).toList();
    }
  }

  private static EncodedRow encoded(Encoding encoding, Row row, int end) {
    int start = TEXT.indexOf("Yes");
    int[] starts = new int[encoding.length()];
    int[] ends = new int[encoding.length()];
    boolean[] learnt = new boolean[encoding.length()];
    for (int t = 0; t < encoding.length(); t++) {
      starts[t] = encoding.start(t);
      ends[t] = encoding.end(t);
      learnt[t] = starts[t] >= start && ends[t] <= end;
    }
    LossMask.Turn turn =
        new LossMask.Turn(0, new CharRange(start, CLOSING + 10), true, true, false);
    return new EncodedRow(
        row, TEXT, encoding.ids(), starts, ends, learnt, List.of(), List.of(turn));
  }

  @Test
  void frequent_inALongStream_keepsWhatIsFrequentOnly() {
    Frequent frequent = new Frequent();
    for (int i = 0; i < 100_000; i++) {
      frequent.add(new Place(DataFile.DATA, i), i % 10 == 0 ? "often" : "text " + i);
    }
    assertThat(frequent.atLeast(5000)).extracting(Frequent.Entry::sample).containsExactly("often");
    assertThat(frequent.atLeast(0)).hasSizeLessThan(20_000);
  }

  @Test
  void longTable_manyHashes_findsEachAgain() {
    LongTable table = new LongTable();
    for (long i = 0; i < 50_000; i++) {
      assertThat(table.putIfAbsent(i << 40, i)).isEqualTo(LongTable.ABSENT);
    }
    for (long i = 0; i < 50_000; i++) {
      assertThat(table.get(i << 40)).isEqualTo(i);
    }
    assertThat(table.get(1)).isEqualTo(LongTable.ABSENT);
  }
}
