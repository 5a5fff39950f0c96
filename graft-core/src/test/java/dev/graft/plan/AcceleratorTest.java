package dev.graft.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceleratorTest {
  @Test
  void all_haveFiguresAndSources() {
    assertThat(Accelerator.all()).hasSizeGreaterThan(10).doesNotHaveDuplicates();
    for (Accelerator each : Accelerator.all()) {
      assertThat(each.teraflops()).isBetween(1.0, 5000.0);
      assertThat(each.gigabytes()).isBetween(8.0, 512.0);
      assertThat(each.watts()).isBetween(10.0, 2000.0);
      assertThat(each.source()).isNotBlank();
      assertThat(Accelerator.parse(each.name())).isEqualTo(each);
    }
  }

  @Test
  void parse_ownFigures() {
    Accelerator mine = Accelerator.parse("mine=50,24,300");
    assertThat(mine.teraflops()).isEqualTo(50);
    assertThat(mine.gigabytes()).isEqualTo(24);
    assertThat(mine.watts()).isEqualTo(300);
  }

  @ParameterizedTest
  @ValueSource(strings = {"H1000", "", "x=1,2", "x=a,b,c", "x=0,1,1", "x=1,1,NaN", "x=1e99,1,1"})
  void parse_nonsense_isOneLine(String text) {
    assertThatThrownBy(() -> Accelerator.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--device: ")
        .hasMessageNotContaining("\n");
  }
}
