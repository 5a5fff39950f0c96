package dev.graft.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SamplerTest {
  /** Probabilities 0.5, 0.3, 0.15 and 0.05, not in order. */
  private static float[] logits() {
    return new float[] {log(0.15), log(0.5), log(0.05), log(0.3)};
  }

  private static float log(double probability) {
    return (float) Math.log(probability);
  }

  private static Set<Integer> drawn(SamplingOptions options) {
    Sampler sampler = new Sampler(options);
    Set<Integer> ids = new TreeSet<>();
    for (int i = 0; i < 2000; i++) {
      ids.add(sampler.choose(logits()));
    }
    return ids;
  }

  @Test
  void choose_temperatureZero_takesTheFirstOfTheLargest() {
    Sampler sampler = new Sampler(SamplingOptions.GREEDY);
    assertThat(sampler.choose(new float[] {1, 3, 3})).isEqualTo(1);
  }

  @Test
  void choose_topK_keepsTheMostLikely() {
    assertThat(drawn(new SamplingOptions(1, 2, 1, 1, 1))).containsExactly(1, 3);
    assertThat(drawn(new SamplingOptions(1, 1, 1, 1, 1))).containsExactly(1);
    assertThat(drawn(new SamplingOptions(1, 99, 1, 1, 1))).containsExactly(0, 1, 2, 3);
  }

  @Test
  void choose_topP_keepsTheFewestThatReachIt() {
    assertThat(drawn(new SamplingOptions(1, 0, 0.7, 1, 1))).containsExactly(1, 3);
    assertThat(drawn(new SamplingOptions(1, 0, 0.9, 1, 1))).containsExactly(0, 1, 3);
    assertThat(drawn(new SamplingOptions(1, 0, 1e-9, 1, 1))).containsExactly(1);
  }

  /** Of 0.5 and 0.3 alone, the first has 0.625 and so reaches 0.6, which it does not of all. */
  @Test
  void choose_topKBeforeTopP() {
    assertThat(drawn(new SamplingOptions(1, 2, 0.6, 1, 1))).containsExactly(1);
    assertThat(drawn(new SamplingOptions(1, 0, 0.6, 1, 1))).containsExactly(1, 3);
  }

  /** At temperature 0.5 the probabilities are squared: 0.25 of 0.365 reaches 0.6 alone. */
  @Test
  void choose_temperatureBeforeTopP() {
    assertThat(drawn(new SamplingOptions(0.5, 0, 0.6, 1, 1))).containsExactly(1);
  }

  @Test
  void choose_penalty_lowersWhatWasSeen() {
    Sampler sampler = new Sampler(new SamplingOptions(0, 0, 1, 2, 1));
    sampler.see(0);
    sampler.see(2);
    sampler.see(1000);
    float[] logits = {3, 2, -1};
    assertThat(sampler.choose(logits)).isEqualTo(1);
    assertThat(logits).containsExactly(1.5f, 2, -2);
  }

  @Test
  void choose_sameSeed_drawsTheSame() {
    Sampler a = new Sampler(new SamplingOptions(1, 0, 1, 1, 7));
    Sampler b = new Sampler(new SamplingOptions(1, 0, 1, 1, 7));
    for (int i = 0; i < 100; i++) {
      assertThat(a.choose(logits())).isEqualTo(b.choose(logits()));
    }
  }

  @Test
  void checkPrompt_emptyOrFillingTheContext_isRefused() {
    Generator.checkPrompt(new int[3], 4);
    assertThatThrownBy(() -> Generator.checkPrompt(new int[0], 4))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the prompt is empty");
    assertThatThrownBy(() -> Generator.checkPrompt(new int[4], 4))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("4 tokens");
  }
}
