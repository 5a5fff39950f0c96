package dev.graft.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of constructed numbers. */
class VerdictTest {
  private static String verdict(Comparisons comparisons) {
    return String.join("\n", Verdict.of(comparisons.build()));
  }

  private static String next(Comparisons comparisons) {
    return String.join("\n", NextSteps.of(comparisons.build()));
  }

  @Test
  void of_differencesWithinTheNoise_cannotBeToldApart() {
    String text =
        verdict(new Comparisons().cell("full", 400, 2.00, 1).cell("lora-r16", 400, 2.01, 1));
    assertThat(text)
        .contains("Best in loss: full fine-tuning (400 rows) with 2.000")
        .contains("It cannot be told apart from LoRA, rank 16 (400 rows)")
        .contains("in loss they cannot be told apart")
        .doesNotContain("more than noise");
  }

  @Test
  void of_clearDifferences_areClaimedWithTheirInterval() {
    String text =
        verdict(new Comparisons().cell("full", 400, 2.0, 0.1).cell("lora-r16", 400, 2.5, 0.1));
    assertThat(text)
        .containsPattern(
            "The next, LoRA, rank 16 \\(400 rows\\), is worse by 0\\.500 \\(95 % 0\\.4\\d\\d to"
                + " 0\\.5\\d\\d\\), which is more than noise")
        .contains("its loss is higher by 0.500")
        .contains("It trains 10 % of the parameters, with 1.00 times the FLOP")
        .doesNotContain("cannot be told apart");
  }

  @Test
  void of_fineTuningBetterThanScratchWithAll_saysWithHowFewRows() {
    String text =
        verdict(
            new Comparisons()
                .withEqual("flops")
                .cell("scratch", 50, 5, 0.1)
                .cell("scratch", 400, 4, 0.1)
                .cell("lora-r16", 50, 4.5, 0.1)
                .cell("lora-r16", 100, 3.5, 0.1)
                .cell("lora-r16", 400, 3, 0.1));
    assertThat(text)
        .contains("From scratch (400 rows) against LoRA, rank 16 (400 rows), with the same FLOP")
        .contains("its loss is higher by 1.000")
        .contains("With 100 rows LoRA, rank 16 is already better than from scratch with 400")
        .contains("less labelled data is needed, here 25 % of it or less");
  }

  @Test
  void of_fewRowsThatCannotBeToldApart_doesNotSayThatTheyAreEnough() {
    String text =
        verdict(
            new Comparisons()
                .cell("scratch", 400, 4, 1)
                .cell("full", 50, 4.01, 1)
                .cell("full", 400, 3.9, 1));
    assertThat(text)
        .contains("With 50 rows full fine-tuning cannot be told apart from scratch with 400")
        .doesNotContain("less labelled data");
  }

  @Test
  void of_fineTuningBetterOnlyWithAsManyRows_saysSo() {
    String text =
        verdict(
            new Comparisons()
                .cell("scratch", 400, 4, 0.1)
                .cell("full", 50, 4.5, 0.1)
                .cell("full", 400, 3, 0.1));
    assertThat(text)
        .contains("With fewer than 400 rows full fine-tuning is not as good as from scratch")
        .doesNotContain("less labelled data");
  }

  @Test
  void of_prompting_saysWhetherItIsEnough() {
    assertThat(verdict(new Comparisons().cell("zero-shot", 0, 3, 0.1).cell("full", 400, 1, 0.1)))
        .contains("Prompting is not enough");
    assertThat(verdict(new Comparisons().cell("zero-shot", 0, 2, 1).cell("full", 400, 2.01, 1)))
        .contains("Prompting may be enough");
    assertThat(verdict(new Comparisons().cell("zero-shot", 0, 1, 0.1).cell("full", 400, 3, 0.1)))
        .contains("Prompting is enough");
  }

  @Test
  void of_oneSeedOrNoLedger_saysWhatIsNotKnown() {
    assertThat(verdict(new Comparisons().cell("full", 400, 1, 0.1)))
        .contains("With one seed", "carries no ledger");
    assertThat(verdict(new Comparisons().cell("full", 400, 1, 1, 0.1).cell("full", 400, 2, 1, 0.1)))
        .doesNotContain("With one seed");
  }

  @Test
  void of_seedsThatDisagree_makeTheIntervalWide() {
    Comparisons comparisons =
        new Comparisons()
            .cell("full", 400, 1, 2.0, 0.1)
            .cell("full", 400, 2, 3.0, 0.1)
            .cell("lora-r16", 400, 1, 2.4, 0.1)
            .cell("lora-r16", 400, 2, 2.4, 0.1);
    assertThat(verdict(comparisons)).contains("in loss they cannot be told apart");
  }

  @Test
  void next_followsTheRules() {
    String text =
        next(
            new Comparisons()
                .withGoal()
                .cell("full", 200, 2.5, 0.1)
                .cell("full", 400, 2.0, 0.1)
                .curve(2.0, 1.5, 1.9)
                .cell("lora-r8", 400, 2.5, 0.1));
    assertThat(text)
        .contains("More data: from 200 to 400 rows the loss of full fine-tuning still fell by 0.5")
        .contains("A higher rank (lora-r32)")
        .contains("Fewer epochs, or more rows")
        .contains("graft data check --goal goal.yaml --data train.jsonl");
  }

  @Test
  void next_lossThatStillFalls_asksForMoreEpochs() {
    assertThat(next(new Comparisons().cell("full", 400, 2, 0.1).curve(3, 2.5, 2.2)))
        .contains("More epochs")
        .doesNotContain("Fewer epochs");
  }

  @Test
  void text_isMadeOfTablesAnswersAndVerdict() {
    String text =
        ComparisonText.of(
            new Comparisons()
                .cell("zero-shot", 0, 3, 0.1)
                .cell("full", 400, 1, 0.1)
                .cell("lora-r8", 400, 2, 0.1)
                .build());
    List<String> lines = text.lines().toList();
    assertThat(lines).anyMatch(line -> line.startsWith("zero-shot") && line.contains("3.000 ["));
    // As good for as few FLOP as it gets: the cheapest, and the best; not what is worse for more.
    assertThat(lines).anyMatch(line -> line.matches("zero-shot.*]\\*.*"));
    assertThat(lines).anyMatch(line -> line.matches("full.*]\\*.*"));
    assertThat(lines).noneMatch(line -> line.matches("lora-r8.*]\\*.*3\\.00e6.*"));
    assertThat(text)
        .contains("reference    the reference")
        .contains("zero-shot    an answer of zero-shot")
        .contains("full         an answer of full")
        .contains("Verdict", "Next");
  }
}
