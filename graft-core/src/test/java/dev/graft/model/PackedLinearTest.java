package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.adapter.LoraSpec;
import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Ops;
import dev.graft.engine.Random;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model whose frozen weights are laid out for tiles is the model that it was. */
class PackedLinearTest {
  private static final DecoderSpec SPEC = TinyDecoders.wideSpec(4, 0);

  @BeforeEach
  void tiles() {
    assumeTrue(LayerShape.packs(SPEC, DType.BF16, Device.CPU), "needs a processor with tiles");
  }

  private static PackedTokens tokens() {
    SplittableRandom random = new SplittableRandom(5);
    return PackedTokens.concat(
        List.of(
            PackedTokens.text(random.ints(37, 0, 64).toArray()),
            PackedTokens.text(random.ints(20, 0, 64).toArray())));
  }

  private record Adapted(Decoder model, Parameters parameters) implements AutoCloseable {
    static Adapted of(String modules, double dropout) {
      Decoder model = TinyDecoders.make(SPEC, DType.BF16, 3);
      model.attach(targets(model, modules), dropout);
      Parameters parameters = model.trainAdapter();
      Random.normalInPlace(parameters.values(), 0, 0.15, 7);
      return new Adapted(model, parameters);
    }

    static List<LoraTarget> targets(Decoder model, String modules) {
      List<String> names = model.adaptableModules();
      return LoraSpec.allLinear(8, 16)
          .resolve(names.stream().filter(name -> name.matches(modules)).toList());
    }

    @Override
    public void close() {
      model.close();
    }
  }

  /** Takes the masters' values over without laying anything out. */
  private static void refreshPlain(Decoder model) {
    model.weights().layerLinears().forEach(FusedLinear::refresh);
  }

  private static boolean isPacked(Decoder model) {
    return model.weights().layerLinears().allMatch(FusedLinear::isPacked);
  }

  private static double error(double[] a, double[] b) {
    try (Scope scope = Scope.open()) {
      Tensor exact = Tensor.of(b, b.length);
      return Ops.norm(Tensor.of(a, a.length).minus(exact)) / Ops.norm(exact);
    }
  }

  @ParameterizedTest
  @CsvSource({
    ".*, 0",
    ".*, 0.3",
    ".*layers.1.self_attn.v_proj|.*layers.1.mlp.down_proj, 0" // none below, none in some linears
  })
  void lossesAndGradients_areThoseOfPlainProducts(String modules, double dropout) {
    try (Scope scope = Scope.open();
        Adapted adapted = Adapted.of(modules, dropout)) {
      Decoder model = adapted.model;
      GradientBuffer plainGradients = adapted.parameters.newBuffer();
      GradientBuffer gradients = adapted.parameters.newBuffer();
      refreshPlain(model);
      assertThat(isPacked(model)).isFalse();
      double[] plain = model.accumulate(tokens(), 0.01, 9, plainGradients);
      model.refresh();
      assertThat(isPacked(model)).isTrue();
      double[] losses = model.accumulate(tokens(), 0.01, 9, gradients);
      assertThat(error(losses, plain)).isLessThan(0.02);
      double[] gradient = gradients.flat().to(DType.F64).toDoubles();
      double[] plainGradient = plainGradients.flat().to(DType.F64).toDoubles();
      assertThat(error(gradient, plainGradient)).as("rounded otherwise").isBetween(1e-9, 0.2);
    }
  }

  @Test
  void weights_areMadeAnewToTheBit_withTheAdaptersPresentValues() {
    try (Scope scope = Scope.open();
        Adapted one = Adapted.of(".*", 0);
        Adapted other = Adapted.of(".*", 0)) {
      Decoder model = one.model;
      Decoder plain = other.model;
      model.refresh();
      for (int round = 0; round < 2; round++) {
        refreshPlain(plain);
        List<FusedLinear> mine = model.weights().layerLinears().toList();
        List<FusedLinear> theirs = plain.weights().layerLinears().toList();
        for (int i = 0; i < mine.size(); i++) {
          assertThat(mine.get(i).isPacked()).isTrue();
          assertThat(mine.get(i).matrix().toFloats())
              .containsExactly(theirs.get(i).matrix().toFloats());
        }
        for (Adapted each : List.of(one, other)) {
          Random.normalInPlace(each.parameters.values(), 0, 0.05, 11);
        }
        model.refresh();
      }
    }
  }

  @Test
  void anUpdate_setAfterwards_counts() {
    try (Scope scope = Scope.open();
        Adapted adapted = Adapted.of(".*", 0);
        Decoder base = TinyDecoders.make(SPEC, DType.BF16, 3)) {
      Decoder model = adapted.model;
      model.refresh();
      double before = model.losses(tokens())[3];
      for (LoraTarget target : Adapted.targets(model, ".*")) {
        int[] size = model.moduleSize(target.module());
        Tensor a = Tensor.zeros(DType.F32, Device.CPU, target.rank(), size[0]);
        Tensor b = Tensor.zeros(DType.F32, Device.CPU, size[1], target.rank());
        model.setUpdate(target, a, b);
      }
      double without = model.losses(tokens())[3];
      assertThat(without).isCloseTo(base.losses(tokens())[3], within(0.05));
      assertThat(Math.abs(without - before)).isGreaterThan(0.1);
    }
  }
}
