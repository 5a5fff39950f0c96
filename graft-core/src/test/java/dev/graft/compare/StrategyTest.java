package dev.graft.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategyTest {
  @ParameterizedTest
  @CsvSource({
    "lora-16, lora-r16",
    "ful, full",
    "few-shot, few-shot-3",
    "zeroshot, zero-shot",
    "scrach, scratch",
  })
  void parse_mistyped_saysWhatWasMeant(String text, String meant) {
    assertThatThrownBy(() -> Strategy.parse("--strategies", text))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "--strategies: there is no strategy '%s'; did you mean '%s'?".formatted(text, meant));
  }

  @Test
  void parse_itsIds_givesThemBack() {
    assertThat(Strategy.parseAll("--strategies", Strategy.DEFAULT))
        .extracting(Strategy::id)
        .containsExactly("zero-shot", "few-shot-3", "scratch", "full", "lora-r16");
    assertThat(Strategy.parse("--strategies", " LoRA-r8 ").size()).isEqualTo(8);
  }

  @Test
  void parse_nonsense_isRefused() {
    for (String text : new String[] {"", "lora-r0", "lora-r99999", "few-shot-0", "distillation"}) {
      assertThatThrownBy(() -> Strategy.parse("--strategies", text))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("there is no strategy '" + text + "'");
    }
    assertThatThrownBy(() -> Strategy.parseAll("--strategies", "full,full"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("full is there twice");
  }
}
