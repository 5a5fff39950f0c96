package dev.graft.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.graft.InputException;
import dev.graft.engine.DType;
import dev.graft.model.Decoder;
import dev.graft.model.TinyDecoders;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Prompts side by side and each alone, on a tiny decoder with V 40 and a context of 64. */
class GeneratorTest {
  private static final Set<Integer> STOP = Set.of(7, 11);

  @SuppressWarnings("NullAway.Init") // before all
  private static Decoder model;

  @BeforeAll
  static void make() {
    model = TinyDecoders.make(TinyDecoders.spec(true, true, false, 0), DType.F32, 3);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static List<Generator.Prompt> prompts(double temperature) {
    List<Generator.Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      int[] ids = new int[1 + (i * 5) % 13];
      int first = i;
      Arrays.setAll(ids, t -> (first * 7 + t * 3) % 40);
      SamplingOptions sampling = new SamplingOptions(temperature, 20, 0.95, 1.1, 100 + i);
      prompts.add(new Generator.Prompt(ids, 5 + 4 * i, sampling));
    }
    return prompts;
  }

  private static List<Generator.Result> alone(Generator generator, List<Generator.Prompt> prompts) {
    return prompts.stream()
        .map(p -> generator.generate(p.ids(), p.limit(), p.sampling(), id -> true))
        .toList();
  }

  @Test
  void sideBySide_givesWhatEachGivesAlone() {
    Generator generator = new Generator(model, STOP);
    for (double temperature : new double[] {0, 0.8, 2}) {
      List<Generator.Prompt> prompts = prompts(temperature);
      List<Generator.Result> alone = alone(generator, prompts);
      assertThat(generator.generate(prompts)).isEqualTo(alone);
      assertThat(alone).extracting(Generator.Result::reason).contains(Generator.Reason.LENGTH);
    }
    assertThat(alone(generator, prompts(2)))
        .extracting(Generator.Result::reason)
        .contains(Generator.Reason.END_OF_TURN);
  }

  @Test
  void fewAtATime_theNextTakesTheFreePlace() {
    Generator generator = new Generator(model, STOP);
    List<Generator.Prompt> prompts = prompts(1);
    TreeMap<Integer, Generator.Result> results = new TreeMap<>();
    generator.generate(prompts.iterator(), 3, results::put);
    assertThat(results.values()).containsExactlyElementsOf(alone(generator, prompts));
  }

  @Test
  void listener_thatWantsNoMoreOfOne_endsOnlyThat() {
    Generator generator = new Generator(model, Set.of());
    TreeMap<Integer, Generator.Result> results = new TreeMap<>();
    generator.generate(
        prompts(0).iterator(),
        9,
        new Generator.Listener() {
          @Override
          public boolean token(int prompt, int id) {
            return prompt != 4;
          }

          @Override
          public void done(int prompt, Generator.Result result) {
            results.put(prompt, result);
          }
        });
    assertThat(results).hasSize(9);
    assertThat(results.get(4).reason()).isEqualTo(Generator.Reason.STOPPED);
    assertThat(results.get(4).ids()).hasSize(1);
    assertThat(results.get(5).ids()).hasSize(25);
  }

  @Test
  void context_endsALongerLimit() {
    Generator generator = new Generator(model, Set.of());
    int[] prompt = new int[60];
    Generator.Result result = generator.generate(prompt, 100, SamplingOptions.GREEDY, id -> true);
    assertThat(result.ids()).hasSize(4);
    assertThat(result.reason()).isEqualTo(Generator.Reason.LENGTH);
  }

  @Test
  void badInput_isRefusedInOneLine() {
    Generator generator = new Generator(model, STOP);
    SamplingOptions greedy = SamplingOptions.GREEDY;
    refused("the prompt is empty", () -> generator.generate(new int[0], 1, greedy, id -> true));
    refused(
        "the prompt has 64 tokens, the model's context only 64",
        () -> generator.generate(new int[64], 1, greedy, id -> true));
    refused("limit: 0", () -> generator.generate(new int[1], 0, greedy, id -> true));
    refused("batch: 0", () -> generator.generate(prompts(0).iterator(), 0, (prompt, result) -> {}));
    assertThat(generator.generate(List.of())).isEmpty();
  }

  private static void refused(String message, Runnable call) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(call::run)
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }
}
