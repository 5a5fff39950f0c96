package dev.graft.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearningRateRuleTest {
  /** Values published for Llama-3.1-8B, Llama-3.2-1B and Qwen3-8B. */
  @ParameterizedTest
  @CsvSource({"llama, 4096, 2.856e-4", "llama, 2048, 4.908e-4", "qwen3, 4096, 4.730e-4"})
  void lora_publishedModels_givesPublishedRates(String type, int hidden, double expected) {
    assertThat(LearningRateRule.lora(type, hidden)).isCloseTo(expected, within(5e-8));
    assertThat(LearningRateRule.full(type, hidden)).isCloseTo(expected / 10, within(5e-9));
  }

  @Test
  void learningRate_auto_followsMethod() {
    TrainOptions lora = options().build();
    TrainOptions full = options().set(TrainOption.METHOD, Method.FULL).build();
    assertThat(lora.learningRate()).isEmpty();
    assertThat(lora.learningRate("llama", 4096)).isEqualTo(LearningRateRule.lora("llama", 4096));
    assertThat(full.learningRate("llama", 4096)).isEqualTo(LearningRateRule.full("llama", 4096));
  }

  @Test
  void learningRate_given_isKept() {
    TrainOptions options = options().flag(TrainOption.LEARNING_RATE, "3e-4").build();
    assertThat(options.learningRate("llama", 4096)).isEqualTo(3e-4);
  }

  private static TrainOptions.Builder options() {
    return TrainOptions.builder()
        .set(TrainOption.MODEL, Path.of("m"))
        .set(TrainOption.DATA, Path.of("d"));
  }
}
