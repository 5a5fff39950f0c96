package dev.graft.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> KEYS = List.of("rank", "batch-size", "learning-rate", "data");

  @ParameterizedTest
  @CsvSource({
    "rnak, rank",
    "Rank, rank",
    "batch_size, batch-size",
    "batchsize, batch-size",
    "learningrate, learning-rate",
    "lerning-rat, learning-rate",
    "dta, data"
  })
  void to_slipOfThePen_findsKey(String word, String expected) {
    assertThat(Nearest.to(word, KEYS)).contains(expected);
  }

  @Test
  void to_unrelatedOrHugeWord_findsNothing() {
    assertThat(Nearest.to("temperature", KEYS)).isEmpty();
    assertThat(Nearest.to("x".repeat(1_000_000), KEYS)).isEmpty();
    assertThat(Nearest.to("", KEYS)).isEmpty();
  }
}
