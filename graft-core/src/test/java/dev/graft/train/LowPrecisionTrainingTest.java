package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.graft.adapter.LoraSpec;
import dev.graft.engine.DType;
import dev.graft.engine.Kernels;
import dev.graft.engine.Scope;
import dev.graft.model.Decoder;
import dev.graft.model.InitialWeights;
import dev.graft.model.PackedTokens;
import dev.graft.model.Parameters;
import dev.graft.model.TinyDecoders;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fifty steps in bfloat16, with float32 masters and the kernels, beside the same in float32. */
class LowPrecisionTrainingTest {
  private static final int STEPS = 50;
  private static final int VOCABULARY = 256;
  private static final int EXAMPLES = 8;
  private static final int LENGTH = 48;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void losses_overFiftySteps_areThoseOfFloat32WithinRounding(boolean all) {
    assertThat(Kernels.path()).as("the build's options for tests").isEqualTo("vector");
    double[] exact = losses(all, DType.F32);
    double[] rounded = losses(all, DType.BF16);
    assertThat(exact[STEPS - 1]).as("it learns").isLessThan(exact[0] - (all ? 0.5 : 0.1));
    double mean = 0;
    for (int step = 0; step < STEPS; step++) {
      // 2^-8 is what one rounding to bfloat16 may change.
      assertThat(rounded[step]).isCloseTo(exact[step], withinPercentage(100 * 0x1p-6));
      mean += (rounded[step] - exact[step]) / exact[step] / STEPS;
    }
    assertThat(mean).as("and no drift").isBetween(-0x1p-8, 0x1p-8);
  }

  private static double[] losses(boolean all, DType dtype) {
    double[] losses = new double[STEPS];
    try (Scope scope = Scope.open();
        Decoder model =
            Decoder.begin(
                TinyDecoders.llama(128, 256, 3, 2, 1, VOCABULARY),
                new InitialWeights.Start(0.08, true, 1),
                dtype)) {
      Parameters parameters = trained(model, all);
      try (Passes passes = new Passes(model, parameters, 2);
          AdamW optimizer = new AdamW(parameters, 0)) {
        for (int step = 0; step < STEPS; step++) {
          List<PackedTokens> both = List.of(batch(step), batch(-1 - step));
          List<List<PackedTokens>> lanes =
              passes.lanes() == 1 ? List.of(both) : both.stream().map(List::of).toList();
          double count = 2.0 * EXAMPLES * (LENGTH - 1);
          losses[step] = passes.run(lanes, 1 / count, step) / count;
          optimizer.step(step + 1, all ? 1e-3 : 4e-3);
          model.refresh();
        }
      }
    }
    return losses;
  }

  private static Parameters trained(Decoder model, boolean all) {
    if (all) {
      return model.trainAll();
    }
    LoraSpec lora = LoraSpec.allLinear(8, 16);
    model.attach(lora.resolve(model.adaptableModules()), 0);
    Parameters parameters = model.trainAdapter();
    lora.initialise(parameters, 1);
    model.refresh();
    return parameters;
  }

  /** Each token follows from the one before, but for one in eight. */
  private static PackedTokens batch(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<PackedTokens> parts = new ArrayList<>();
    for (int e = 0; e < EXAMPLES; e++) {
      int[] ids = new int[LENGTH];
      ids[0] = random.nextInt(VOCABULARY);
      for (int t = 1; t < LENGTH; t++) {
        ids[t] = random.nextInt(8) == 0 ? random.nextInt(VOCABULARY) : (ids[t - 1] * 5 + 3) % 64;
      }
      parts.add(PackedTokens.text(ids));
    }
    return PackedTokens.concat(parts);
  }
}
