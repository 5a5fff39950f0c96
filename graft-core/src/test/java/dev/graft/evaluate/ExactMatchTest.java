package dev.graft.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExactMatchTest {
  @Test
  void same_whiteSpace_doesNotCount() {
    assertThat(ExactMatch.same("  high\n priority\t", "high priority")).isTrue();
    assertThat(ExactMatch.same("10\u00a0km\u3000\u0085", "10 km")).isTrue();
    assertThat(ExactMatch.same("", " \r\n")).isTrue();
  }

  @Test
  void same_everythingElse_counts() {
    assertThat(ExactMatch.same("High", "high")).isFalse();
    assertThat(ExactMatch.same("high.", "high")).isFalse();
    assertThat(ExactMatch.same("high priority", "highpriority")).isFalse();
    assertThat(ExactMatch.same("re\u0301sume\u0301", "resume")).isFalse();
    assertThat(ExactMatch.same("", "a")).isFalse();
    assertThat(ExactMatch.same("a\u200b", "a")).as("of no width, but no white space").isFalse();
  }
}
