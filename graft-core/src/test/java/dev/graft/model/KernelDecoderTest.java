package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.adapter.LoraSpec;
import dev.graft.engine.DType;
import dev.graft.engine.Kernels;
import dev.graft.engine.Ops;
import dev.graft.engine.Random;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whole decoders in bfloat16, with the kernels and on the plain path, against float32. */
class KernelDecoderTest {
  private static final int SEEDS = 3;

  /** What {@link #meanErrors} gives in this process. */
  public static void main(String[] arguments) {
    double[] errors = meanErrors();
    System.out.println(Kernels.path() + " " + errors[0] + " " + errors[1]);
  }

  /** Mean relative errors of losses and gradients: of many, for one can be lucky. */
  private static double[] meanErrors() {
    double[] mean = new double[2];
    for (Case c : cases()) {
      for (int seed = 1; seed <= SEEDS; seed++) {
        double[] errors = errors(c, seed);
        mean[0] += errors[0] / cases().size() / SEEDS;
        mean[1] += errors[1] / cases().size() / SEEDS;
      }
    }
    return mean;
  }

  /** Query heads over two key heads, window of the second layer, lengths of the segments. */
  private record Case(int heads, int window, boolean all, int... lengths) {}

  private static List<Case> cases() {
    return List.of(
        new Case(2, 0, false, 1, 2, 31, 32, 33, 64),
        new Case(6, 20, false, 100, 7, 40),
        new Case(4, 0, true, 50, 3),
        new Case(4, 100, false, 600, 5)); // several blocks of queries
  }

  private static PackedTokens tokens(Case c) {
    SplittableRandom random = new SplittableRandom(c.heads);
    List<PackedTokens> parts = new ArrayList<>();
    for (int length : c.lengths) {
      parts.add(PackedTokens.text(random.ints(length, 0, 64).toArray()));
    }
    return PackedTokens.concat(parts);
  }

  private record Outcome(double[] losses, float[] gradient) {}

  private static Outcome run(Case c, DType dtype, PackedTokens tokens, long seed) {
    DecoderSpec spec = TinyDecoders.wideSpec(c.heads, c.window);
    try (Decoder model = TinyDecoders.make(spec, DType.BF16, dtype, seed)) {
      Parameters parameters;
      if (c.all) {
        parameters = model.trainAll();
      } else {
        LoraSpec lora = LoraSpec.allLinear(8, 16);
        model.attach(lora.resolve(model.adaptableModules()), 0);
        parameters = model.trainAdapter();
        Random.normalInPlace(parameters.values(), 0, 0.05, 3);
        Tensor values = parameters.values();
        values.copyFrom(values.to(DType.BF16).to(DType.F32)); // the same for both types
      }
      model.refresh();
      double[] losses = model.accumulate(tokens, 0.01, 0);
      return new Outcome(losses, parameters.gradients().toFloats());
    }
  }

  private static double[] errors(Case c, long seed) {
    try (Scope scope = Scope.open()) {
      PackedTokens tokens = tokens(c);
      Outcome exact = run(c, DType.F32, tokens, seed);
      Outcome rounded = run(c, DType.BF16, tokens, seed);
      Tensor losses = Tensor.of(exact.losses, exact.losses.length);
      Tensor gradient = Tensor.of(exact.gradient, exact.gradient.length);
      return new double[] {
        error(Tensor.of(rounded.losses, exact.losses.length), losses),
        error(Tensor.of(rounded.gradient, exact.gradient.length), gradient)
      };
    }
  }

  private static double error(Tensor x, Tensor exact) {
    return Ops.norm(x.minus(exact)) / Ops.norm(exact);
  }

  @Test
  void lossesAndGradients_areAsExactAsPlain() throws Exception {
    assertThat(Kernels.path()).as("the build's options for tests").isEqualTo("vector");
    String[] plain = elsewhere("-Ddev.graft.kernels=off").split(" ");
    assertThat(plain[0]).isEqualTo("plain");
    double[] mine = meanErrors();
    for (int i = 0; i < 2; i++) {
      double theirs = Double.parseDouble(plain[i + 1]);
      assertThat(theirs).as("the plain path rounds, too").isBetween(1e-5, 0.2);
      assertThat(mine[i]).as("losses, then gradients").isLessThan(1.08 * theirs);
    }
  }

  @Test
  void neighbour_inTheSamePack_changesNothing() {
    Case alone = new Case(4, 0, false, 37);
    Case packed = new Case(4, 0, false, 37, 20);
    try (Scope scope = Scope.open()) {
      double[] one = run(alone, DType.BF16, tokens(alone), 1).losses;
      double[] two = run(packed, DType.BF16, tokens(packed), 1).losses;
      assertThat(Arrays.copyOf(two, one.length)).containsExactly(one, within(0.02));
    }
  }

  private static org.assertj.core.data.Offset<Double> within(double offset) {
    return org.assertj.core.data.Offset.offset(offset);
  }

  private static String elsewhere(String option) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                option,
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KernelDecoderTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      String text = new String(process.getInputStream().readAllBytes());
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return text.strip();
    } finally {
      process.destroyForcibly();
    }
  }
}
