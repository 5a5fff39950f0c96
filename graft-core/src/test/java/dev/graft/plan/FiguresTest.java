package dev.graft.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FiguresTest {
  @ParameterizedTest
  @CsvSource({
    "16GB, 16000000000",
    "16 GiB, 17179869184",
    "1.5G, 1500000000",
    "512, 512",
    "2TiB, 2199023255552"
  })
  void bytes_sizes(String text, long bytes) {
    assertThat(Figures.bytes("--memory", text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GB", "-1GB", "1e9", "0", "16XB", "999999999999TB", "16GB\n", "NaN"})
  void bytes_nonsense_isOneLine(String text) {
    if (text.equals("16GB\n")) {
      assertThat(Figures.bytes("--memory", text)).isEqualTo(16_000_000_000L);
      return;
    }
    assertThatThrownBy(() -> Figures.bytes("--memory", text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--memory: ");
  }

  @ParameterizedTest
  @CsvSource({"20M, 2e7", "2e6, 2e6", "1.5B, 1.5e9", "7, 7"})
  void count_counts(String text, double count) {
    assertThat(Figures.count("--tokens", text, 1e16)).isEqualTo(count);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-3", "x", "1e99", "20m", ""})
  void count_nonsense_isRefused(String text) {
    assertThatThrownBy(() -> Figures.count("--tokens", text, 1e16))
        .isInstanceOf(InputException.class);
  }

  @Test
  void time_picksUnits() {
    assertThat(Figures.time(1.5)).isEqualTo("1.50 s");
    assertThat(Figures.time(600)).isEqualTo("10.0 min");
    assertThat(Figures.time(36_000)).isEqualTo("10.0 h");
    assertThat(Figures.time(86_400 * 30)).isEqualTo("30.0 d");
    assertThat(Figures.time(86_400 * 365.25 * 12)).isEqualTo("12.0 y");
    assertThat(Figures.bytes(16_060_522_496L)).isEqualTo("16.1 GB");
    assertThat(Figures.count(8_030_261_248.0)).isEqualTo("8.03B");
  }
}
