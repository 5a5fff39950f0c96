package dev.graft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.format.Config;
import dev.graft.format.HfDirectory;
import dev.graft.format.ModelFiles;
import dev.graft.format.SafetensorsFile;
import dev.graft.format.Weights;
import dev.graft.generate.Generator;
import dev.graft.generate.SamplingOptions;
import dev.graft.testing.Golden;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every family against what transformers computes ({@code golden/make_models.py}). */
class GoldenModelsTest {
  private static Decoder load(String name, DType dtype) {
    try (ModelFiles files = HfDirectory.open(Golden.path("models/" + name))) {
      return Decoder.load(files, dtype, Device.CPU);
    }
  }

  private static Weights golden(String name) {
    return SafetensorsFile.open(Golden.path("models/" + name + "/golden.safetensors"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama-tied",
        "llama-untied",
        "llama3-rope",
        "mistral",
        "qwen2",
        "qwen3",
        "llama-sharded",
        "llama-bf16",
        "llama-f16"
      })
  void logits_equalTransformers(String name) {
    try (Scope scope = Scope.open();
        Decoder model = load(name, DType.F32);
        Weights golden = golden(name)) {
      JsonNode losses = Golden.json("models/" + name + "/golden.json").get("losses");
      for (int i = 0; i < 2; i++) {
        PackedTokens tokens = PackedTokens.text(Golden.ids(Golden.tensor(golden, "ids." + i)));
        Tensor expected = Golden.tensor(golden, "logits." + i);
        assertThat(Ops.maxAbs(model.logits(tokens).minus(expected))).isLessThan(1e-4);
        double mean = Arrays.stream(model.losses(tokens)).average().orElseThrow();
        assertThat(mean).isCloseTo(losses.get(i).doubleValue(), within(2e-5));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-tied", "llama-untied", "llama3-rope", "mistral", "qwen2", "qwen3"})
  void gradientOfEveryWeight_equalsTransformers(String name) {
    try (Scope scope = Scope.open();
        Decoder model = load(name, DType.F32);
        Weights golden = golden(name)) {
      Parameters parameters = model.trainAll();
      PackedTokens tokens = PackedTokens.text(Golden.ids(Golden.tensor(golden, "ids.0")));
      model.accumulate(tokens, 1.0 / tokens.learntTokens(), 0);
      long expectedCount = golden.names().stream().filter(n -> n.startsWith("gradient.")).count();
      assertThat(parameters.entries()).hasSize((int) expectedCount);
      for (Parameters.Entry entry : parameters.entries()) {
        Tensor expected = Golden.tensor(golden, "gradient." + entry.name());
        double difference = Ops.norm(parameters.gradient(entry.name()).minus(expected));
        assertThat(difference / Ops.norm(expected)).as(entry.name()).isLessThan(2e-5);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-tied", "llama-untied", "llama3-rope", "mistral", "qwen2", "qwen3"})
  void greedyIds_equalTransformers(String name) {
    JsonNode golden = Golden.json("models/" + name + "/golden.json");
    try (Scope scope = Scope.open();
        Decoder model = load(name, DType.F32)) {
      int[] prompt = Golden.ids(golden.get("prompt"));
      Generator.Result result =
          new Generator(model, Set.of()).generate(prompt, 20, SamplingOptions.GREEDY, id -> true);
      assertThat(result.ids().stream().mapToInt(i -> i).toArray())
          .isEqualTo(Golden.ids(golden.get("greedy")));
      assertThat(result.reason()).isEqualTo(Generator.Reason.LENGTH);
    }
  }

  @Test
  void olderConfiguration_meansTheSameModel() {
    Config now = Config.read(Golden.path("models/llama3-rope/config.json"));
    Config before = Config.read(Golden.path("models/llama3-rope/config-v4.json"));
    assertThat(Decoder.specOf(before).rope().frequencies())
        .isEqualTo(Decoder.specOf(now).rope().frequencies());
  }

  @Test
  void bfloat16_staysCloseToFloat32() {
    try (Scope scope = Scope.open();
        Decoder exact = load("llama-bf16", DType.F32);
        Decoder rounded = load("llama-bf16", DType.BF16);
        Weights golden = golden("llama-bf16")) {
      PackedTokens tokens = PackedTokens.text(Golden.ids(Golden.tensor(golden, "ids.0")));
      double a = Arrays.stream(exact.losses(tokens)).average().orElseThrow();
      double b = Arrays.stream(rounded.losses(tokens)).average().orElseThrow();
      assertThat(b).isCloseTo(a, within(2e-2 * a));
      assertThat(b).isNotEqualTo(a);
    }
  }

  @Test
  void fingerprint_isTheSameInEveryPrecisionAndLayout() {
    try (Scope scope = Scope.open();
        Decoder one = load("llama-tied", DType.F32);
        Decoder sharded = load("llama-sharded", DType.BF16);
        Decoder other = load("llama-untied", DType.F32)) {
      assertThat(sharded.fingerprint()).isEqualTo(one.fingerprint());
      assertThat(other.fingerprint()).isNotEqualTo(one.fingerprint());
    }
  }

  @Test
  void parameterCount_countsEveryWeightOnce() {
    for (String name : new String[] {"llama-tied", "llama-untied", "qwen2", "qwen3"}) {
      try (Scope scope = Scope.open();
          Decoder model = load(name, DType.F32)) {
        assertThat(model.trainAll().count()).as(name).isEqualTo(model.spec().parameterCount());
      }
    }
  }

  @Test
  void longSegments_inBlocks_giveTheSameGradients() {
    int[] ids = new int[600]; // longer than one block of queries
    for (int i = 0; i < ids.length; i++) {
      ids[i] = 3 + i * 31 % 300;
    }
    for (int window : new int[] {0, 100}) {
      DecoderSpec spec = TinyDecoders.spec(true, false, false, window);
      int[] small = Arrays.stream(ids).map(i -> i % 40).toArray();
      PackedTokens tokens = PackedTokens.text(small);
      try (Scope scope = Scope.open();
          Decoder blocks = TinyDecoders.make(spec, DType.F32, 4);
          Decoder exact = TinyDecoders.make(spec, DType.F64, 4)) {
        Parameters a = blocks.trainAll();
        Parameters b = exact.trainAll();
        blocks.accumulate(tokens, 1e-2, 0);
        exact.accumulate(tokens, 1e-2, 0);
        double difference = Ops.norm(a.gradients().minus(b.gradients()));
        assertThat(difference / Ops.norm(b.gradients())).isLessThan(1e-4);
        assertThat(slopeError(exact, b, tokens)).isLessThan(1e-3);
      }
    }
  }

  /** Relative error of the directional derivative along the whole gradient. */
  private static double slopeError(Decoder model, Parameters parameters, PackedTokens tokens) {
    double norm = Ops.norm(parameters.gradients());
    Tensor direction = parameters.gradients().times(1 / norm);
    double h = 1e-3;
    parameters.values().addInPlace(direction, h);
    model.refresh();
    double up = Arrays.stream(model.losses(tokens)).sum() * 1e-2;
    parameters.values().addInPlace(direction, -2 * h);
    model.refresh();
    double down = Arrays.stream(model.losses(tokens)).sum() * 1e-2;
    return Math.abs((up - down) / (2 * h) / norm - 1);
  }
}
