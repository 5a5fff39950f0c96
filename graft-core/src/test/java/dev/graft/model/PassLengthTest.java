package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassLengthTest {
  @ParameterizedTest
  @CsvSource({
    "1, 16",
    "16, 16",
    "17, 32",
    "255, 256",
    "257, 288",
    "512, 512",
    "513, 576",
    "1024, 1024",
    "1025, 1152"
  })
  void padded_isTheNextOfFewLengths(int length, int padded) {
    assertThat(PassLength.padded(length)).isEqualTo(padded);
    assertThat(PassLength.padded(padded)).isEqualTo(padded);
  }

  @Test
  void padded_upTo4096_hasFewLengthsAndAnEighthMoreAtMost() {
    int[] all = IntStream.rangeClosed(1, 4096).map(PassLength::padded).distinct().toArray();
    assertThat(all).hasSize(48).isSorted();
    assertThat(IntStream.rangeClosed(128, 4096)).allMatch(n -> PassLength.padded(n) - n <= n / 8);
    for (int i = 1; i < all.length; i++) {
      assertThat(PassLength.shorter(all[i])).isEqualTo(all[i - 1]);
    }
    assertThat(PassLength.shorter(16)).isZero();
  }

  @Test
  void logitRows_areUpToTheLastPieceWithLearntOnes() {
    assertThat(PassLength.logitRows(49152)).isEqualTo(80);
    assertThat(PassLength.logitRows(1 << 20)).isEqualTo(16);
    assertThat(PassLength.logitRows(49152, 100, 112)).isEqualTo(112);
    // 1120 of 1152 rows: what is left behind the fourteenth piece has nothing to predict.
    assertThat(PassLength.logitRows(49152, 1100, 1152)).isEqualTo(1120);
  }

  @Test
  void filledPass_hasTokensBehindAllThatAreNotLearnt() {
    PackedTokens tokens =
        PackedTokens.concat(List.of(PackedTokens.text(1, 2, 3), PackedTokens.text(4, 5)));
    FilledPass filled = FilledPass.of(tokens, true);
    assertThat(filled.segments().length(1)).isEqualTo(13);
    assertThat(filled.tokens()).startsWith(1, 2, 3, 4, 5).hasSize(16);
    assertThat(filled.targets()).containsExactly(2, 3, 5);
    assertThat(filled.rows()).startsWith(0, 1, 3, 15).hasSize(16);
  }
}
