package dev.graft.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModulePatternTest {
  private static final String NAME = "model.layers.17.self_attn.q_proj";

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        ".*\\.(q_proj|v_proj) ~ true",
        "^(?!.*vision).*(?:q|k|v|o)_proj$ ~ true",
        "model\\.layers\\.(1[0-9]|2[0-3])\\.(self_attn|mlp)\\.[a-z]+_proj ~ true",
        ".*layers.*attn.*q.*proj ~ true",
        "(?i).*Q_PROJ ~ true",
        "(model|layers|\\.|[0-9]{1,3}|self_attn|q_proj)+ ~ true",
        ".*\\.\\d{1,2}\\.mlp\\..* ~ false",
        "q_proj ~ false"
      })
  void matches_whatPeftsUsersWrite(String regex, boolean expected) {
    assertThat(ModulePattern.matches(ModulePattern.compile("x", regex), NAME)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(.*.*.*.*.*.*.*.*)x",
        "(.*a){15}c",
        "(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)\\z",
        "((((((){999}){999}){999}){999}){999})x",
        "((((((|){9}){9}){9}){9}){9})x",
        "^{2000000000}x",
        "\\Q[\\E(|)]",
        "(?x)#[\n(|)",
        "[",
        "(a"
      })
  void expression_thatIsWrongOrTakesForever_isRefusedSoon(String regex) {
    String name = "model.layers.0." + "a".repeat(46) + "!";
    List<String> modules = List.of(name);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          refuses(
              "target-modules|takes too long", () -> TargetModules.matching(regex).matches(name));
          LoraSpec spec =
              new LoraSpec(
                  4, 8, 0, false, new TargetModules.AllLinear(), Map.of(regex, 2), Map.of());
          refuses("rank-pattern|takes too long", () -> spec.resolve(modules));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "(?:", "a|", "[ab", "(a)*"})
  void expression_longOrDeep_isRefusedInOneShortLine(String piece) {
    String regex = piece.repeat(100_000) + (piece.startsWith("(") ? ")".repeat(100_000) : "");
    refuses("longer than", () -> ModulePattern.compile("x", regex));
    String shorter = piece.repeat(300) + (piece.startsWith("(") ? ")".repeat(300) : "");
    try {
      ModulePattern.matches(ModulePattern.compile("x", shorter), NAME);
    } catch (InputException e) {
      assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(300);
    }
  }

  @Test
  void message_hasNoControlCharacters() {
    assertThatThrownBy(() -> ModulePattern.compile("x", "a\n\u001b[31m("))
        .isInstanceOf(InputException.class)
        .hasMessageNotContaining("\n")
        .hasMessageNotContaining("\u001b");
  }

  private static void refuses(
      String named, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(InputException.class)
        .message()
        .containsPattern(named)
        .hasSizeLessThan(300)
        .doesNotContain("\n");
  }
}
