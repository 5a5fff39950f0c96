package dev.graft.data.check;

import static dev.graft.data.check.Checks.ask;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** For every warning a file that shows it and one that nearly does. */
class WarningCodesTest {
  private static final String ENGLISH =
      "The ship was late because of the storm, and nobody on the quay knew when it would come in."
          + " Case ";
  private static final String GERMAN =
      "Das Schiff kam wegen des Sturms nicht an, und niemand auf dem Kai wusste, wann es kommt."
          + " Fall ";

  @TempDir private Path folder;

  private Checks checks() {
    return new Checks(folder);
  }

  private static List<String> rows(int count, IntFunction<String> row) {
    return IntStream.range(0, count).mapToObj(row).toList();
  }

  private static Finding found(CheckReport report, CheckCode code) {
    assertThat(report.hasErrors()).as(report.findings().toString()).isFalse();
    Finding finding =
        Checks.find(report, code)
            .orElseThrow(() -> new AssertionError("no " + code + " in " + report.findings()));
    assertThat(finding.severity()).isEqualTo(code.severity()).isNotEqualTo(Severity.ERROR);
    return finding;
  }

  private static void assertNot(CheckReport report, CheckCode code) {
    assertThat(Checks.find(report, code)).isEmpty();
  }

  @Test
  void textCut_longText_isFound() throws IOException {
    String text = "{\"text\": \"abc def ghi jkl mno pqr stu vwx yz\"}";
    assertThat(found(checks().maxLength(8).report(text), CheckCode.TEXT_CUT).rows()).isEqualTo(1);
    assertNot(checks().maxLength(100).report(text), CheckCode.TEXT_CUT);
  }

  @Test
  void specialTokenInText_isFound() throws IOException {
    CheckReport report =
        checks().report("{\"text\": \"<|im_start|>user\\na<|im_end|>\"}", "{\"text\": \"b\"}");
    assertThat(found(report, CheckCode.SPECIAL_TOKEN_IN_TEXT).places())
        .containsExactly(new Place(DataFile.DATA, 1));
    assertNot(
        checks().report("{\"text\": \"the end-of-text token\"}"), CheckCode.SPECIAL_TOKEN_IN_TEXT);
  }

  @Test
  void classImbalance_ninetyFivePercent_isFound() throws IOException {
    List<String> rows = rows(100, i -> ask("Is " + i + " odd?", i % 20 == 0 ? "no" : "Yes"));
    Finding finding = found(checks().report(rows), CheckCode.CLASS_IMBALANCE);
    assertThat(finding.rows()).isEqualTo(95);
    assertThat(finding.what()).contains("95.0 %").contains("2 different");
    assertNot(checks().report(rows), CheckCode.BOILERPLATE);
  }

  @Test
  void classImbalance_seventyFivePercent_isFine() throws IOException {
    List<String> rows = rows(100, i -> ask("Is " + i + " odd?", i % 4 == 0 ? "no" : "yes"));
    assertThat(checks().report(rows).findings()).isEmpty();
  }

  @Test
  void lengthImbalance_oneLongAnswer_isFound() throws IOException {
    List<String> rows =
        rows(50, i -> ask("Question " + i, i == 30 ? "word ".repeat(150) + i : "Short one " + i));
    Finding finding = found(checks().report(rows), CheckCode.LENGTH_IMBALANCE);
    assertThat(finding.places()).containsExactly(new Place(DataFile.DATA, 31));
    assertThat(finding.what()).containsPattern("[0-9]+ % of the loss");
  }

  @Test
  void lengthImbalance_oneShortAnswer_isFound() throws IOException {
    List<String> rows = rows(50, i -> ask("Question " + i, i == 30 ? "x" : "word ".repeat(40) + i));
    assertThat(found(checks().report(rows), CheckCode.LENGTH_IMBALANCE).places())
        .containsExactly(new Place(DataFile.DATA, 31));
  }

  @Test
  void lengthImbalance_fiveTimesAsLong_isFine() throws IOException {
    List<String> rows =
        rows(
            50,
            i -> ask("Question " + i, i == 30 ? "word ".repeat(20) + i : "word ".repeat(4) + i));
    assertNot(checks().report(rows), CheckCode.LENGTH_IMBALANCE);
  }

  @Test
  void boilerplate_sameOpening_isFound() throws IOException {
    List<String> rows =
        rows(60, i -> ask("Q" + i, (i % 3 == 0 ? "Here is a short text about " : "On the ") + i));
    Finding finding = found(checks().report(rows), CheckCode.BOILERPLATE);
    assertThat(finding.rows()).isEqualTo(20);
    assertThat(finding.example()).isEqualTo("\"Here is a short\"");
  }

  @Test
  void boilerplate_sameEnding_isFound() throws IOException {
    List<String> rows =
        rows(60, i -> ask("Q" + i, i + (i % 3 == 0 ? ", let me know more." : " is it" + i)));
    assertThat(found(checks().report(rows), CheckCode.BOILERPLATE).what())
        .startsWith("end with the same words");
  }

  @Test
  void boilerplate_openerOfAssistants_isFound() throws IOException {
    List<String> rows = rows(60, i -> ask("Q" + i, (i % 4 == 0 ? "Sure! It is " : "It is ") + i));
    assertThat(found(checks().report(rows), CheckCode.BOILERPLATE).example())
        .isEqualTo("\"sure!\"");
  }

  @Test
  void boilerplate_refusals_areFound() throws IOException {
    List<String> rows =
        rows(
            200,
            i -> ask("Q" + i, i % 50 == 0 ? "As an AI language model, no, " + i : "It is " + i));
    Finding finding = found(checks().report(rows), CheckCode.BOILERPLATE);
    assertThat(finding.rows()).isEqualTo(4);
  }

  @Test
  void boilerplate_sameAnswerToManyPrompts_isFound() throws IOException {
    List<String> rows =
        rows(100, i -> ask("Q" + i, i % 8 == 0 ? "I do not know that." : "It is rather " + i));
    assertThat(found(checks().report(rows), CheckCode.BOILERPLATE).what())
        .startsWith("have the same answer");
  }

  @Test
  void boilerplate_oneInTenBeginsAlike_isFine() throws IOException {
    List<String> rows =
        rows(
            100,
            i -> ask("Q" + i, (i % 10 == 0 ? "Sure! Here is a list of " : i + " comes to ") + i));
    assertNot(checks().report(rows), CheckCode.BOILERPLATE);
  }

  @Test
  void mixedLanguages_someGermanAnswers_areFound() throws IOException {
    List<String> rows = rows(60, i -> ask("Q" + i, (i % 15 == 0 ? GERMAN : ENGLISH) + i));
    Finding finding = found(checks().report(rows), CheckCode.MIXED_LANGUAGES);
    assertThat(finding.what()).isEqualTo("have an answer in German, most have English");
    assertThat(finding.places().stream().map(Place::line)).containsExactly(1L, 16L, 31L, 46L);
  }

  @Test
  void mixedLanguages_promptsWhereAnswersAreShort_areFound() throws IOException {
    List<String> rows = rows(60, i -> ask((i % 15 == 0 ? GERMAN : ENGLISH) + i, "A" + i));
    assertThat(found(checks().report(rows), CheckCode.MIXED_LANGUAGES).what())
        .isEqualTo("have a prompt in German, most have English");
  }

  @Test
  void mixedLanguages_translation_isFine() throws IOException {
    List<String> rows = rows(60, i -> ask(ENGLISH + i, GERMAN + i));
    assertNot(checks().report(rows), CheckCode.MIXED_LANGUAGES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_0123456789abcdefghijABCDEFGHIJ012345",
        "xoxb-123456789012-1234567890123-AbCdEfGhIjKl",
        "-----BEGIN RSA PRIVATE KEY-----",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
        "hf_abcdefghijklmnopqrstuvwxyzABCDEFGH",
      })
  void secret_isFoundAndMasked(String secret) throws IOException {
    CheckReport report = checks().report(ask("Use " + secret + " please", "Yes"));
    Finding finding = found(report, CheckCode.SECRET);
    assertThat(finding.rows()).isEqualTo(1);
    assertThat(finding.example()).isNotEmpty().doesNotContain(secret.substring(12));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AKIAIOSFODNN7",
        "AKIAlowercaseletters",
        "xghp_0123456789abcdefghijABCDEFGHIJ012345",
        "ghp_short",
        "-----BEGIN CERTIFICATE-----",
        "eyJ is how it begins",
        "sk-learn is a library",
      })
  void secret_nearMiss_isFine(String text) throws IOException {
    assertNot(checks().report(ask("Use " + text + " please", "Yes")), CheckCode.SECRET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jane.doe@mail.co.uk",
        "+49 30 901820 11",
        "(212) 555-0123",
        "212-555-0123",
        "DE89 3704 0044 0532 0130 00",
        "GB82WEST12345698765432",
        "4111 1111 1111 1111",
        "378282246310005",
      })
  void personalData_isFoundAndMasked(String data) throws IOException {
    CheckReport report = checks().report(ask("Mine is " + data + ".", "Thanks"));
    Finding finding = found(report, CheckCode.PERSONAL_DATA);
    assertThat(finding.example()).isNotEmpty().doesNotContain(data.substring(5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user@example.com",
        "git@github.com",
        "@param name",
        "a@b",
        "2024-01-15 10:30:00",
        "ISBN 978-3-16-148410-0",
        "DE89 3704 0044 0532 0130 01",
        "4111 1111 1111 1112",
        "1.234567890123456",
        "1700000000000",
        "see RFC-212-555-0123",
      })
  void personalData_nearMiss_isFine(String text) throws IOException {
    assertNot(checks().report(ask("It is " + text + ".", "Thanks")), CheckCode.PERSONAL_DATA);
  }

  @Test
  void tokensPerWord_encodedData_isFound() throws IOException {
    String encoded = "QWxsIHRoZSBnb29k".repeat(12);
    List<String> rows =
        rows(40, i -> ask("Question " + i, i == 7 ? encoded : "It is a plain text, number " + i));
    Finding finding = found(checks().report(rows), CheckCode.TOKENS_PER_WORD);
    assertThat(finding.places()).containsExactly(new Place(DataFile.DATA, 8));
  }

  @Test
  void tokensPerWord_textThatTheTokenizerHardlyKnows_isFound() throws IOException {
    String greek = "Το πλοίο άργησε εξαιτίας της καταιγίδας και κανείς δεν ήξερε πότε θα φτάσει ";
    List<String> rows = rows(40, i -> ask("Q" + i, greek + i));
    assertThat(found(checks().report(rows), CheckCode.TOKENS_PER_WORD).what())
        .contains("hardly knows");
  }

  @Test
  void tokensPerWord_longWordsHereAndThere_areFine() throws IOException {
    List<String> rows =
        rows(40, i -> ask("Question " + i, ENGLISH + "Donaudampfschifffahrtsgesellschaft " + i));
    assertNot(checks().report(rows), CheckCode.TOKENS_PER_WORD);
  }

  @Test
  void padIsEndOfTurn_isANote() throws IOException {
    String good = ask("Name a fruit.", "An apple.");
    Finding finding =
        found(checks().pad(Checks.END_OF_TURN).report(good), CheckCode.PAD_IS_END_OF_TURN);
    assertThat(finding.severity()).isEqualTo(Severity.NOTE);
    assertThat(finding.example()).isEqualTo("<|im_end|>");
    assertThat(checks().pad(0).report(good).findings()).isEmpty();
  }

  @Test
  void everyCode_isTestedHereOrAmongTheErrors() {
    List<String> tests =
        Stream.of(WarningCodesTest.class, ErrorCodesTest.class, RowChecksTest.class)
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .map(method -> method.getName().toLowerCase(Locale.ROOT))
            .toList();
    List<CheckCode> untested =
        Arrays.stream(CheckCode.values())
            .filter(code -> {
              String name = code.word().replace("-", "") + "_";
              return tests.stream().noneMatch(test -> test.startsWith(name));
            })
            .toList();
    assertThat(untested).isEmpty();
  }
}
