package dev.graft.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.text.RegexGuard.Risk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexGuardTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
            + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
            + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*",
        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+|"
            + " ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|"
            + "\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s",
        "[\\p{Han}]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lo}\\p{M}&&[^\\p{Han}]]*[\\p{Ll}\\p{M}&&[^\\p{Han}]]+"
            + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}",
        " ?[^(\\s|[.,!?…。，、।۔،])]+",
        "(?i)'s|'t",
        "[一-龥぀-ゟ゠-ヿ]+",
        "\\p{N}{1,3}",
        "\\d",
        " ",
      })
  void of_patternsOfKnownTokenizers_areBoundedByRuns(String regex) {
    assertThat(RegexGuard.of(regex)).isEqualTo(Risk.RUN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[^\\r\\n]+",
        ".*\\n",
        "\\d{1,3}(?=(?:\\d{3})*\\b)",
        "[\\s\\p{L}]+x",
        "[a[^b]]+",
        "(?=(\\d{3})+(?!\\d))"
      })
  void of_repetitionAcrossWhiteSpace_isBoundedByText(String regex) {
    assertThat(RegexGuard.of(regex)).isEqualTo(Risk.TEXT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+b",
        "(a|a)*b",
        "(?:a?){50}b",
        "a*a*b",
        "a*(b|a*)c",
        "(a*)\\1b",
        "a?a?a?a?a?a?a?a?a?a?aaaaaaaaaa",
        "(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)b",
        "a{1,9}{1,9}b",
        "a{1,3}+b",
        "a{0,1000}a{0,1000}b",
        "(a",
        "a)",
        "[a",
        "a\\",
        "\\p{L",
        "(?<n>a\\g<n>?)b",
        "(?#note)a",
      })
  void of_patternsThatBacktrackTooMuch_areUnbounded(String regex) {
    assertThat(RegexGuard.of(regex)).isEqualTo(Risk.UNBOUNDED);
  }

  @Test
  void of_deepNesting_isUnbounded() {
    assertThat(RegexGuard.of("(".repeat(9000) + ")".repeat(9000))).isEqualTo(Risk.UNBOUNDED);
  }

  @Test
  void encode_runLongerThanTheEngineTakes_isRefused() {
    try (Tokenizer tokenizer = TokenizerTest.stored("bytelevel")) {
      for (String unit : new String[] {" ", "x"}) {
        assertThatThrownBy(() -> tokenizer.encode("a b" + unit.repeat(500_002)))
            .isInstanceOf(InputException.class)
            .hasMessageContaining("in a row");
      }
      assertThat(tokenizer.encode(" ".repeat(500_000)).length()).isGreaterThan(1);
    }
  }
}
