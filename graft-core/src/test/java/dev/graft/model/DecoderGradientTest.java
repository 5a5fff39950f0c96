package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.engine.Autograd;
import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Ops;
import dev.graft.engine.Random;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hand-derived gradients against libtorch's autograd and against finite differences. */
class DecoderGradientTest {
  private static final PackedTokens TOKENS = TinyDecoders.tokens();
  private static final double SCALE = 1.0 / 7;

  @ParameterizedTest
  @CsvSource({
    "true,  false, false, 0",
    "false, false, false, 0",
    "true,  true,  false, 0",
    "false, false, true,  0",
    "false, true,  true,  3"
  })
  void fullGradients_equalAutograd(boolean tied, boolean bias, boolean heads, int window) {
    DecoderSpec spec = TinyDecoders.spec(tied, bias, heads, window);
    try (Scope scope = Scope.open();
        Decoder trained = TinyDecoders.make(spec, DType.F32, 5);
        Decoder plain = TinyDecoders.make(spec, DType.F32, 5)) {
      Parameters parameters = trained.trainAll();
      double[] losses = trained.accumulate(TOKENS, SCALE, 0);
      Map<String, Tensor> expected = autograd(plain, TOKENS);
      assertThat(expected).hasSameSizeAs(parameters.entries());
      expected.forEach((name, gradient) -> assertClose(name, parameters.gradient(name), gradient));
      assertThat(losses)
          .containsExactly(plain.losses(TOKENS), org.assertj.core.data.Offset.offset(1e-5));
    }
  }

  @ParameterizedTest
  @CsvSource({"all-linear, false", "q_proj down_proj, true", "v_proj, false", "up_proj, true"})
  void loraGradients_equalAutograd(String targets, boolean bias) {
    DecoderSpec spec = TinyDecoders.spec(true, bias, false, 0);
    try (Scope scope = Scope.open();
        Decoder trained = TinyDecoders.make(spec, DType.F32, 6);
        Decoder plain = TinyDecoders.make(spec, DType.F32, 6)) {
      List<LoraTarget> resolved = targets(trained, targets);
      Parameters parameters = attach(trained, resolved);
      attach(plain, resolved);
      trained.accumulate(TOKENS, SCALE, 0);
      Map<String, Tensor> expected = autogradOfLora(plain, TOKENS);
      assertThat(expected).hasSameSizeAs(parameters.entries());
      expected.forEach((name, gradient) -> assertClose(name, parameters.gradient(name), gradient));
    }
  }

  @Test
  void loraGradients_equalFiniteDifferences() {
    DecoderSpec spec = TinyDecoders.spec(false, true, true, 4);
    try (Scope scope = Scope.open();
        Decoder decoder = TinyDecoders.make(spec, DType.F64, 7)) {
      List<LoraTarget> resolved = targets(decoder, "all-linear");
      Parameters parameters = attach(decoder, resolved);
      decoder.accumulate(TOKENS, SCALE, 0);
      for (LoraTarget target : resolved.subList(0, 7)) {
        checkDirection(decoder, parameters, target.nameOfA());
        checkDirection(decoder, parameters, target.nameOfB());
      }
    }
  }

  @Test
  void fullGradients_equalFiniteDifferences() {
    DecoderSpec spec = TinyDecoders.spec(true, true, true, 0);
    try (Scope scope = Scope.open();
        Decoder decoder = TinyDecoders.make(spec, DType.F64, 8)) {
      Parameters parameters = decoder.trainAll();
      decoder.accumulate(TOKENS, SCALE, 0);
      for (Parameters.Entry entry : parameters.entries()) {
        checkDirection(decoder, parameters, entry.name());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void recomputedActivations_giveTheSameGradientsBitForBit(boolean adapter) {
    DecoderSpec spec = TinyDecoders.spec(true, true, true, 4);
    try (Scope scope = Scope.open();
        Decoder decoder = TinyDecoders.make(spec, DType.F32, 9)) {
      Parameters parameters;
      if (adapter) {
        decoder.attach(targets(decoder, "q_proj down_proj"), 0.4);
        parameters = decoder.trainAdapter();
        fill(parameters);
        decoder.refresh();
      } else {
        parameters = decoder.trainAll();
      }
      decoder.accumulate(TOKENS, SCALE, 99);
      float[] kept = parameters.gradients().toFloats();
      parameters.gradients().zeroInPlace();
      decoder.recomputeActivations(true);
      decoder.accumulate(TOKENS, SCALE, 99);
      assertThat(parameters.gradients().toFloats()).containsExactly(kept);
      assertThat(Ops.norm(parameters.gradients())).isPositive();
    }
  }

  @Test
  void dropout_isTheSameForwardAndBackward() {
    DecoderSpec spec = TinyDecoders.spec(true, false, false, 0);
    try (Scope scope = Scope.open();
        Decoder decoder = TinyDecoders.make(spec, DType.F64, 9)) {
      List<LoraTarget> resolved = targets(decoder, "all-linear");
      decoder.attach(resolved, 0.4);
      Parameters parameters = decoder.trainAdapter();
      fill(parameters);
      decoder.refresh();
      decoder.accumulate(TOKENS, SCALE, 99);
      String name = resolved.get(3).nameOfA();
      double slope = slope(parameters, name);
      double up = shifted(decoder, parameters, name, 1e-3, 99);
      double down = shifted(decoder, parameters, name, -1e-3, 99);
      assertThat((up - down) / 2e-3).isCloseTo(slope, within(slope, 1e-3));
      double other = shifted(decoder, parameters, name, 0, 98);
      assertThat(other).isNotEqualTo(shifted(decoder, parameters, name, 0, 99));
    }
  }

  // ---- helpers

  private static org.assertj.core.data.Offset<Double> within(double size, double relative) {
    return org.assertj.core.data.Offset.offset(Math.abs(size) * relative + 1e-7);
  }

  private static List<LoraTarget> targets(Decoder decoder, String names) {
    List<LoraTarget> targets = new ArrayList<>();
    for (String module : decoder.adaptableModules()) {
      String last = module.substring(module.lastIndexOf('.') + 1);
      if (names.equals("all-linear") || List.of(names.split(" ")).contains(last)) {
        targets.add(new LoraTarget(module, 2 + targets.size() % 3, 1.5));
      }
    }
    return targets;
  }

  private static Parameters attach(Decoder decoder, List<LoraTarget> targets) {
    decoder.attach(targets, 0);
    Parameters parameters = decoder.trainAdapter();
    fill(parameters);
    decoder.refresh();
    return parameters;
  }

  private static void fill(Parameters parameters) {
    Random.normalInPlace(parameters.values(), 0, 0.2, 77);
  }

  /** Directional derivative along the gradient's own direction, against central differences. */
  private static void checkDirection(Decoder decoder, Parameters parameters, String name) {
    double slope = slope(parameters, name);
    double h = 1e-3;
    double up = shifted(decoder, parameters, name, h, 0);
    double down = shifted(decoder, parameters, name, -h, 0);
    assertThat((up - down) / (2 * h)).as(name).isCloseTo(slope, within(slope, 2e-3));
  }

  /** Norm of a gradient: the slope along its direction. */
  private static double slope(Parameters parameters, String name) {
    try (Scope scope = Scope.open()) {
      return Ops.norm(parameters.gradient(name));
    }
  }

  /** Loss after a step of length h along the direction of a gradient; restores the weights. */
  private static double shifted(
      Decoder decoder, Parameters parameters, String name, double h, long seed) {
    try (Scope scope = Scope.open()) {
      Tensor value = parameters.value(name);
      Tensor saved = value.copy();
      Tensor gradients = parameters.gradients().copy();
      double norm = slope(parameters, name);
      value.addInPlace(parameters.gradient(name), h / norm);
      decoder.refresh();
      double sum = 0;
      for (double loss : decoder.accumulate(TOKENS, SCALE, seed)) {
        sum += loss * SCALE;
      }
      value.copyFrom(saved);
      parameters.gradients().copyFrom(gradients);
      decoder.refresh();
      return sum;
    }
  }

  private static Tensor loss(Decoder decoder, PackedTokens tokens) {
    Tensor logP = Ops.logSoftmax(decoder.logits(tokens), -1);
    Tensor weights = Tensor.zeros(DType.F32, Device.CPU, logP.shape());
    float[] w = weights.toFloats();
    int v = (int) logP.size(1);
    for (int n = 1; n < tokens.tokens(); n++) {
      if (tokens.learnt()[n]) {
        w[(n - 1) * v + tokens.ids()[n]] = (float) -SCALE;
      }
    }
    return Ops.sum(logP.times(Tensor.of(w, logP.shape())));
  }

  private static void runBackward(Decoder decoder, PackedTokens tokens) {
    Tensor loss = loss(decoder, tokens);
    Autograd.backward(loss, Tensor.of(new float[] {1}).view());
  }

  private static Map<String, Tensor> autograd(Decoder plain, PackedTokens tokens) {
    List<FusedLinear> linears = new ArrayList<>(plain.weights().layerLinears().toList());
    linears.add(plain.weights().head());
    linears.forEach(l -> Autograd.track(l.matrix()));
    linears.stream().filter(l -> l.bias() != null).forEach(l -> Autograd.track(l.bias()));
    List<RmsNorm> norms = plain.weights().norms().toList();
    norms.forEach(n -> Autograd.track(n.weight()));
    Tensor embedding = Autograd.track(plain.weights().embedding());
    runBackward(plain, tokens);
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    gradients.put(DecoderWeights.EMBEDDING, Autograd.gradient(embedding));
    for (FusedLinear linear : linears) {
      int row = 0;
      for (FusedLinear.Part part : linear.parts()) {
        Tensor all = Autograd.gradient(linear.matrix());
        gradients.put(part.name() + ".weight", all.narrow(0, row, part.out()));
        if (linear.bias() != null) {
          Tensor bias = Autograd.gradient(linear.bias());
          gradients.put(part.name() + ".bias", bias.narrow(0, row, part.out()));
        }
        row += part.out();
      }
    }
    norms.forEach(n -> gradients.put(n.name(), Autograd.gradient(n.weight())));
    return gradients;
  }

  private static Map<String, Tensor> autogradOfLora(Decoder plain, PackedTokens tokens) {
    List<FusedLinear> linears =
        plain.weights().layerLinears().filter(l -> l.lora() != null).toList();
    linears.forEach(l -> Autograd.track(l.matrix()));
    linears.forEach(l -> Autograd.track(l.lora().down()));
    runBackward(plain, tokens);
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    for (FusedLinear linear : linears) {
      Tensor down = Autograd.gradient(linear.lora().down());
      Tensor matrix = Autograd.gradient(linear.matrix());
      for (LoraColumns.Block block : linear.lora().blocks()) {
        gradients.put(block.target().nameOfA(), down.narrow(0, block.firstColumn(), block.rank()));
        Tensor b =
            matrix
                .narrow(0, block.firstRow(), block.rows())
                .narrow(1, linear.in() + block.firstColumn(), block.rank());
        gradients.put(block.target().nameOfB(), b.times(block.target().scaling()));
      }
    }
    return gradients;
  }

  private static void assertClose(String name, Tensor actual, Tensor expected) {
    double size = Ops.norm(expected);
    assertThat(size).as("size of the gradient of " + name).isPositive();
    double difference = Ops.norm(actual.minus(expected));
    assertThat(difference / size).as("relative error of the gradient of " + name).isLessThan(1e-5);
  }
}
