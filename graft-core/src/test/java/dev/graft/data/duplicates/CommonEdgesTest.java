package dev.graft.data.duplicates;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommonEdgesTest {
  private static CommonEdges of(String... texts) {
    CommonEdges edges = new CommonEdges();
    List.of(texts).forEach(edges::add);
    return edges;
  }

  @Test
  void without_beginningAndEndOfAll_leavesTheMiddle() {
    CommonEdges edges = of("Say: a. Thanks", "Say: b. Thanks", "Say: cc. Thanks", "Say: . Thanks");
    assertThat(edges.without("Say: a. Thanks")).isEqualTo("a");
    assertThat(edges.without("Say: . Thanks")).isEmpty();
    assertThat(edges.without("Tell: a")).isEqualTo("Tell: a");
    assertThat(edges.isNothing()).isFalse();
  }

  @Test
  void without_beginningThatIsTheEndToo_isTakenOnce() {
    CommonEdges edges = of("ab", "ab ab", "ab x ab", "ab y ab");
    assertThat(List.of(edges.without("ab"), edges.without("ab ab"), edges.without("ab x ab")))
        .doesNotHaveDuplicates();
  }

  @Test
  void without_fewTexts_leavesThemWhole() {
    CommonEdges edges = of("Say: a", "Say: b", "Say: c");
    assertThat(edges.without("Say: a")).isEqualTo("Say: a");
  }

  @Test
  void isNothing_oneOtherText_staysSo() {
    CommonEdges edges = of("Say: a", "Say: b", "Say: c", "Tell d", "Say: e");
    assertThat(edges.isNothing()).isTrue();
    assertThat(edges.without("Say: a")).isEqualTo("Say: a");
  }
}
