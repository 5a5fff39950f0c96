package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.adapter.LoraSpec;
import dev.graft.engine.DType;
import dev.graft.engine.Ops;
import dev.graft.engine.Random;
import dev.graft.engine.Scope;
import dev.graft.engine.Segments;
import dev.graft.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Examples that begin alike, in one pass, against each in a pass of its own. */
class SharedPrefixTest {
  private static final double SCALE = 0.01;

  /** Examples of these own lengths behind a prefix, the last few tokens of each learnt. */
  private static List<PackedTokens> examples(int prefix, int... own) {
    SplittableRandom random = new SplittableRandom(prefix);
    int[] begin = random.ints(prefix, 0, 40).toArray();
    List<PackedTokens> examples = new ArrayList<>();
    for (int length : own) {
      int[] ids = Arrays.copyOf(begin, prefix + length);
      System.arraycopy(random.ints(length, 0, 40).toArray(), 0, ids, prefix, length);
      ids[prefix] = examples.size(); // no two go on alike
      boolean[] learnt = new boolean[ids.length];
      Arrays.fill(learnt, prefix + Math.max(1, length - 6), ids.length, true);
      examples.add(PackedTokens.single(ids, learnt));
    }
    return examples;
  }

  private record Outcome(double[] losses, Tensor gradient) {}

  private static Outcome run(Decoder model, List<PackedTokens> passes, boolean all) {
    Parameters parameters = all ? model.trainAll() : adapter(model);
    model.refresh();
    List<Double> losses = new ArrayList<>();
    for (PackedTokens pass : passes) {
      for (double loss : model.accumulate(pass, SCALE, 0)) {
        losses.add(loss);
      }
    }
    double[] values = losses.stream().mapToDouble(loss -> loss).toArray();
    return new Outcome(values, parameters.gradients().copy());
  }

  private static Parameters adapter(Decoder model) {
    model.attach(LoraSpec.allLinear(8, 16).resolve(model.adaptableModules()), 0);
    Parameters parameters = model.trainAdapter();
    Random.normalInPlace(parameters.values(), 0, 0.05, 3);
    return parameters;
  }

  @ParameterizedTest
  @CsvSource({
    "9, 0, true, false",
    "9, 0, false, true",
    "20, 4, false, false",
    "20, 15, true, true",
    "20, 27, false, true"
  })
  void onePass_hasTheLossesAndGradientsOfSeparateOnes(
      int prefix, int window, boolean all, boolean recompute) {
    DecoderSpec spec = TinyDecoders.spec(true, true, true, window);
    List<PackedTokens> examples = examples(prefix, 12, 7, 1 + 2, 30);
    try (Scope scope = Scope.open();
        Decoder one = TinyDecoders.make(spec, DType.F64, 5);
        Decoder other = TinyDecoders.make(spec, DType.F64, 5)) {
      one.recomputeActivations(recompute);
      PackedTokens pass = PackedTokens.concat(examples);
      assertThat(SharedPrefix.of(pass)).isEqualTo(prefix);
      Outcome shared = run(one, List.of(pass), all);
      Outcome alone = run(other, examples, all);
      assertThat(shared.losses)
          .containsExactly(alone.losses, org.assertj.core.data.Offset.offset(1e-12));
      // Gradients are summed up in float32.
      assertThat(Ops.norm(shared.gradient.minus(alone.gradient)))
          .isLessThan(1e-6 * Ops.norm(alone.gradient));
      assertThat(one.losses(pass))
          .containsExactly(alone.losses, org.assertj.core.data.Offset.offset(1e-12));
    }
  }

  @ParameterizedTest
  @CsvSource({"36, 0, false", "40, 20, true", "31, 0, true", "600, 100, false"})
  void kernels_inOnePass_areAsExactAsInSeparateOnes(int prefix, int window, boolean all) {
    DecoderSpec spec = TinyDecoders.wideSpec(4, window);
    List<PackedTokens> examples = examples(prefix, 30, 1, 65, prefix);
    List<PackedTokens> together = List.of(PackedTokens.concat(examples));
    double[] shared = new double[2];
    double[] alone = new double[2];
    for (int seed = 1; seed <= 4; seed++) {
      try (Scope scope = Scope.open()) {
        Outcome exact = outcome(spec, DType.F32, examples, seed, all);
        add(shared, exact, outcome(spec, DType.BF16, together, seed, all));
        add(alone, exact, outcome(spec, DType.BF16, examples, seed, all));
      }
    }
    assertThat(alone[0]).as("bfloat16 rounds").isBetween(1e-4, 0.2);
    assertThat(shared[0]).as("losses").isLessThan(1.25 * alone[0]);
    assertThat(shared[1]).as("gradients").isLessThan(1.1 * alone[1]);
  }

  private static Outcome outcome(
      DecoderSpec spec, DType dtype, List<PackedTokens> passes, long seed, boolean all) {
    try (Decoder model = TinyDecoders.make(spec, DType.BF16, dtype, seed)) {
      return run(model, passes, all);
    }
  }

  /** Adds the relative errors of losses and gradient. */
  private static void add(double[] errors, Outcome exact, Outcome other) {
    Tensor losses = Tensor.of(exact.losses, exact.losses.length);
    Tensor others = Tensor.of(other.losses, other.losses.length);
    errors[0] += Ops.norm(others.minus(losses)) / Ops.norm(losses);
    errors[1] += Ops.norm(other.gradient.minus(exact.gradient)) / Ops.norm(exact.gradient);
  }

  @Test
  void length_endsBeforeTheTokenThatPredictsTheFirstLearntOne() {
    SharedPrefix prefix = new SharedPrefix();
    assertThat(prefix.length()).isZero();
    prefix.add(new int[] {1, 2, 3, 4, 5, 6}, new boolean[6]);
    assertThat(prefix.length()).isEqualTo(5);
    prefix.add(
        new int[] {1, 2, 3, 4, 5, 6}, new boolean[] {false, false, false, false, true, true});
    assertThat(prefix.length()).isEqualTo(3);
    prefix.add(new int[] {1, 2, 9, 4}, new boolean[4]);
    assertThat(prefix.length()).isEqualTo(2);
    prefix.add(new int[] {7}, new boolean[1]);
    assertThat(prefix.length()).isZero();
  }

  @Test
  void segments_shareWhatIsLongEnough() {
    Segments segments = SharedPrefix.segments(new int[] {0, 20, 50, 61}, 10, false);
    assertThat(IntStream.range(0, 3).map(segments::length)).containsExactly(20, 20, 1);
    assertThat(IntStream.range(0, 3).map(segments::keys)).containsExactly(20, 30, 11);
    assertThat(segments.positions()).endsWith(28, 29, 10).hasSize(41);
    assertThat(SharedPrefix.segments(new int[] {0, 20, 50}, 7, false).tokens()).isEqualTo(50);
    assertThat(SharedPrefix.segments(new int[] {0, 20}, 15, false).before(0)).isZero();
    assertThat(SharedPrefix.segments(new int[] {0, 20, 50, 61}, 10, true).length(2)).isEqualTo(8);
  }
}
