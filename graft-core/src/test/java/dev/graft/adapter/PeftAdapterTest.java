package dev.graft.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.format.HfDirectory;
import dev.graft.format.ModelFiles;
import dev.graft.format.SafetensorsFile;
import dev.graft.format.SafetensorsWriter;
import dev.graft.format.StoredTensor;
import dev.graft.format.Weights;
import dev.graft.model.Decoder;
import dev.graft.model.PackedTokens;
import dev.graft.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters that PEFT wrote ({@code golden/make_adapters.py}), whole and broken. */
class PeftAdapterTest {
  private static final String FIRST =
      "base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight";

  @TempDir Path folder;

  private static Decoder model(String name) {
    try (ModelFiles files = HfDirectory.open(Golden.path("models/" + name))) {
      return Decoder.load(files, DType.F32, Device.CPU);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "rslora", "patterns", "regex", "modules", "bf16"})
  void load_givesPeftsLogits(String name) {
    Path adapter = Golden.path("adapters/" + name);
    try (Scope scope = Scope.open();
        Decoder model = model("llama-tied");
        Weights base = SafetensorsFile.open(Golden.path("models/llama-tied/golden.safetensors"));
        Weights golden = SafetensorsFile.open(adapter.resolve("logits.safetensors"))) {
      PackedTokens tokens = PackedTokens.text(Golden.ids(Golden.tensor(base, "ids.0")));
      Tensor before = model.logits(tokens);
      PeftAdapter.load(adapter, model, PeftAdapter.Use.INFERENCE);
      Tensor expected = Golden.tensor(golden, "logits.0");
      assertThat(Ops.maxAbs(model.logits(tokens).minus(expected))).isLessThan(1e-4);
      assertThat(Ops.maxAbs(before.minus(expected))).isGreaterThan(0.1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"peft_type\": \"LORA\"       | \"peft_type\": \"IA3\"        | peft_type",
        "\"use_dora\": false           | \"use_dora\": true            | use_dora",
        "\"bias\": \"none\"            | \"bias\": \"all\"             | bias",
        "\"modules_to_save\": null     | \"modules_to_save\": [\"lm_head\"] | modules_to_save",
        "\"layers_to_transform\": null | \"layers_to_transform\": [1]  | layers_to_transform",
        "\"r\": 4                      | \"r\": 8                      | [8, 64]",
        "\"r\": 4                      | \"r\": 0                      | \"r\"",
        "\"r\": 4                      | \"r\": \"four\"               | \"r\"",
        "\"lora_alpha\": 8             | \"lora_alpha\": -1            | alpha",
        "\"rank_pattern\": {}          | \"rank_pattern\": []          | rank_pattern",
        "\"velora_config\": null       | \"tomorrows_feature\": {\"a\": 1} | tomorrows_feature",
        "{                             | [                             | JSON"
      })
  void configuration_thatWouldBeAppliedInPart_isRefused(String from, String to, String named)
      throws IOException {
    copy("plain", text -> text.replaceFirst(java.util.regex.Pattern.quote(from), to));
    refuses("llama-tied", named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dora                           | use_dora",
        "broken/dora-without-magnitudes | use_dora",
        "broken/missing-tensor          | is missing",
        "broken/extra-tensor            | belongs to no module",
        "broken/wrong-shape             | need [",
        "broken/zero-b                  | is zero",
        "broken/not-finite              | not finite",
        "broken/other-names             | query",
        "broken/other-base              | need ["
      })
  void adapterThatDoesNotFit_isRefusedAndLeavesTheModelAsItWas(String name, String named) {
    Path adapter = Golden.path("adapters/" + name);
    PackedTokens tokens = PackedTokens.text(5, 9, 33, 70, 200, 8);
    try (Scope scope = Scope.open();
        Decoder model = model("llama-tied")) {
      double[] before = model.losses(tokens);
      refuses(adapter, model, named);
      assertThat(model.losses(tokens)).isEqualTo(before);
      PeftAdapter.load(Golden.path("adapters/modules"), model, PeftAdapter.Use.INFERENCE);
      assertThat(model.losses(tokens)).isNotEqualTo(before);
    }
  }

  @Test
  void missingTensor_isRefused() throws IOException {
    copy("plain", text -> text);
    edit(tensors -> tensors.stream().filter(t -> !t.name().equals(FIRST)).toList());
    refuses("llama-tied", FIRST + " is missing");
  }

  @Test
  void unexpectedTensor_isRefused() throws IOException {
    copy("plain", text -> text);
    edit(tensors -> {
      List<SafetensorsWriter.Tensor> more = new ArrayList<>(tensors);
      SafetensorsWriter.Tensor t = tensors.getFirst();
      more.add(new SafetensorsWriter.Tensor("other.lora_A.weight", t.dtype(), t.shape(), t.data()));
      return more;
    });
    refuses("llama-tied", "other.lora_A.weight");
  }

  @Test
  void renamedTensors_areRefused() throws IOException {
    copy("plain", text -> text);
    edit(tensors ->
        tensors.stream()
            .map(t ->
                new SafetensorsWriter.Tensor(
                    t.name().replace("q_proj", "query"), t.dtype(), t.shape(), t.data()))
            .toList());
    refuses("llama-tied", "query");
  }

  @Test
  void updateOfZeros_isRefused_butMayBeTrained() throws IOException {
    copy("plain", text -> text);
    edit(tensors -> tensors.stream().map(t -> t.name().equals(FIRST) ? zeros(t) : t).toList());
    refuses("llama-tied", "is zero");
    try (Scope scope = Scope.open();
        Decoder model = model("llama-tied")) {
      assertThat(PeftAdapter.load(folder, model, PeftAdapter.Use.TRAINING).rank()).isEqualTo(4);
    }
  }

  @Test
  void otherBaseModel_isRefused() throws IOException {
    copy("plain", text -> text);
    refuses("llama-untied", "need [");
    Map<String, String> metadata = Map.of("graft.base_fingerprint", "0123456789abcdef");
    edit(tensors -> tensors, metadata);
    refuses("llama-tied", "another base model");
  }

  @Test
  void truncatedWeights_areRefused() throws IOException {
    copy("plain", text -> text);
    Path file = folder.resolve("adapter_model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 7));
    refuses("llama-tied", "adapter_model.safetensors");
  }

  @Test
  void folderWithoutAdapter_isRefused() {
    refuses("llama-tied", "adapter_config.json");
  }

  private void refuses(String base, String named) {
    try (Scope scope = Scope.open();
        Decoder model = model(base)) {
      refuses(folder, model, named.strip());
    }
  }

  private static void refuses(Path adapter, Decoder model, String named) {
    assertThatThrownBy(() -> PeftAdapter.load(adapter, model, PeftAdapter.Use.INFERENCE))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(adapter.toString())
        .hasMessageContaining(named)
        .hasMessageNotContaining("\n");
  }

  private static SafetensorsWriter.Tensor zeros(SafetensorsWriter.Tensor t) {
    return SafetensorsWriter.Tensor.of(
        t.name(),
        t.dtype(),
        t.shape(),
        java.lang.foreign.MemorySegment.ofArray(new byte[(int) t.data().get().byteSize()]));
  }

  private void copy(String name, UnaryOperator<String> config) throws IOException {
    Path source = Golden.path("adapters/" + name);
    Files.copy(
        source.resolve("adapter_model.safetensors"), folder.resolve("adapter_model.safetensors"));
    String text = Files.readString(source.resolve("adapter_config.json"));
    String changed = config.apply(text);
    Files.writeString(folder.resolve("adapter_config.json"), changed);
  }

  private void edit(UnaryOperator<List<SafetensorsWriter.Tensor>> change) {
    edit(change, Map.of());
  }

  private void edit(
      UnaryOperator<List<SafetensorsWriter.Tensor>> change, Map<String, String> metadata) {
    Path file = folder.resolve("adapter_model.safetensors");
    List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
    try (Weights weights = SafetensorsFile.open(file)) {
      for (String name : weights.names()) {
        StoredTensor t = weights.get(name);
        byte[] bytes = t.mapped().orElseThrow().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        tensors.add(
            SafetensorsWriter.Tensor.of(
                name, t.dtype(), t.shape(), java.lang.foreign.MemorySegment.ofArray(bytes)));
      }
    }
    SafetensorsWriter.write(file, change.apply(tensors), metadata);
  }
}
