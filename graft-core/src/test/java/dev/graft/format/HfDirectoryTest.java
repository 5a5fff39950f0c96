package dev.graft.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.engine.DType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HfDirectoryTest {
  private static final Path SMOLLM2 = Path.of("../../shared/models/smollm2-135m-instruct");

  @TempDir Path folder;

  @BeforeEach
  void writeConfig() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"llama\"}");
  }

  @Test
  void open_singleSafetensors_givesWeightsConfigAndTokenizer() throws IOException {
    shard("model.safetensors", "w");
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    try (var model = HfDirectory.open(folder)) {
      assertThat(model.weights().names()).containsExactly("w");
      assertThat(model.config().stringAt("model_type")).isEqualTo("llama");
      assertThat(model.tokenizerJson()).hasValue(folder.resolve("tokenizer.json"));
      assertThat(model.gguf()).isEmpty();
    }
  }

  @Test
  void open_shards_joinsThem() throws IOException {
    shard("a.safetensors", "w1", "w2");
    shard("b.safetensors", "w3");
    index("{'w1': 'a.safetensors', 'w3': 'b.safetensors', 'w2': 'a.safetensors'}");
    try (var model = HfDirectory.open(folder)) {
      assertThat(model.weights().names()).containsExactly("w1", "w3", "w2");
      assertThat(FormatFiles.values(model.weights().get("w3"), DType.F32)).containsExactly(0, 0);
      assertThat(model.weights().metadata()).containsEntry("total_size", "24");
      assertThatThrownBy(() -> model.weights().get("w4"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("no tensor \"w4\"");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'w1': 'a.safetensors'} | which",
        "{'w1': 'a.safetensors', 'w2': 'a.safetensors', 'w9': 'a.safetensors'} | no tensor \"w9\"",
        "{'w1': 'a.safetensors', 'w2': 'c.safetensors'} | no such file",
        "{'w1': '../a.safetensors'} | not the name of a .safetensors file",
        "{'w1': '/etc/a.safetensors'} | not the name of a .safetensors file",
        "{'w1': 'x\\\\a.safetensors'} | not the name of a .safetensors file",
        "{'w1': 'a.bin'} | not the name of a .safetensors file",
        "{'w1': 1} | not the name of a .safetensors file",
        "{} | not empty",
        "[] | not empty",
      })
  void open_indexAndShardsDisagree_isRefused(String map, String message) throws IOException {
    shard("a.safetensors", "w1", "w2");
    index(map);
    assertRefused(folder, message);
  }

  @Test
  void open_ggufInFolder_isUsedWithTheConfigThere() throws IOException {
    Files.copy(FormatFiles.resource("tiny-llama.gguf"), folder.resolve("q.gguf"));
    try (var model = HfDirectory.open(folder)) {
      assertThat(model.gguf()).isPresent();
      assertThat(model.config().has("hidden_size")).isFalse();
    }
    Files.copy(FormatFiles.resource("tiny-llama.gguf"), folder.resolve("r.gguf"));
    assertRefused(folder, "holds 2 GGUF models; name one: q.gguf, r.gguf");
    shard("model.safetensors", "w");
    try (var model = HfDirectory.open(folder)) {
      assertThat(model.gguf()).isEmpty();
    }
  }

  @Test
  void open_noWeights_saysWhatToDo() throws IOException {
    assertRefused(folder, "holds no weights");
    Files.createFile(folder.resolve("pytorch_model.bin"));
    assertRefused(folder, "convert it to safetensors");
    assertRefused(folder.resolve("none"), "is neither a model folder nor a .gguf file");
    assertRefused(folder.resolve("none.gguf"), "no such file");
    shard("model.safetensors", "w");
    Files.delete(folder.resolve("config.json"));
    assertRefused(folder, "config.json: no such file");
  }

  @Test
  void open_ggufFile_makesTheConfigOfItsMetadata() {
    try (var model = HfDirectory.open(FormatFiles.resource("tiny-llama.gguf"))) {
      Config config = model.config();
      assertThat(config.stringAt("model_type")).isEqualTo("llama");
      assertThat(config.intAt("hidden_size")).isEqualTo(32);
      assertThat(config.intAt("num_attention_heads")).isEqualTo(4);
      assertThat(config.intAt("num_key_value_heads")).isEqualTo(2);
      assertThat(config.intAt("head_dim")).isEqualTo(8);
      assertThat(config.intAt("vocab_size")).isEqualTo(8);
      assertThat(config.doubleAt("rms_norm_eps")).isEqualTo(1e-5);
      assertThat(config.doubleAt("rope_theta")).isEqualTo(500_000);
      assertThat(config.boolOr("tie_word_embeddings", true)).isFalse();
      assertThat(config.ints("eos_token_id")).containsExactly(2);
      Config rope = config.object("rope_scaling").orElseThrow();
      assertThat(rope.stringAt("rope_type")).isEqualTo("llama3");
      assertThat(rope.doubleAt("factor")).isEqualTo(8);
      assertThat(rope.intAt("original_max_position_embeddings")).isEqualTo(8192);
    }
  }

  @Test
  void open_smollm2_agreesWithItsHuggingFaceConfig() {
    Assumptions.assumeTrue(Files.exists(SMOLLM2), "shared model is not there");
    Config expected = Config.read(SMOLLM2.resolve("config.json"));
    try (var model = HfDirectory.open(SMOLLM2.resolve("model.gguf"))) {
      for (String key :
          List.of(
              "hidden_size",
              "intermediate_size",
              "num_hidden_layers",
              "num_attention_heads",
              "num_key_value_heads",
              "head_dim",
              "max_position_embeddings",
              "vocab_size",
              "bos_token_id",
              "eos_token_id",
              "pad_token_id")) {
        assertThat(model.config().intAt(key)).as(key).isEqualTo(expected.intAt(key));
      }
      assertThat(model.config().stringAt("model_type")).isEqualTo(expected.stringAt("model_type"));
      assertThat(model.config().boolOr("tie_word_embeddings", false)).isTrue();
      assertThat((float) model.config().doubleAt("rms_norm_eps"))
          .isEqualTo((float) expected.doubleAt("rms_norm_eps"));
      assertThat(model.tokenizerJson()).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2", "qwen3", "mistral"})
  void open_otherArchitectures_areNamedAsHuggingFaceDoes(String architecture) throws IOException {
    Path path = Files.write(folder.resolve("m.gguf"), minimal(architecture).build(new byte[64]));
    try (var model = HfDirectory.open(path)) {
      assertThat(model.config().stringAt("model_type"))
          .isEqualTo(architecture.equals("mistral") ? "llama" : architecture);
      assertThat(model.config().intAt("head_dim")).isEqualTo(4);
      assertThat(model.config().boolOr("tie_word_embeddings", false)).isTrue();
      assertThat(model.weights().names())
          .containsExactly("model.embed_tokens.weight", "model.layers.0.self_attn.q_norm.weight");
    }
  }

  static Stream<GgufBuilder> refused() {
    return Stream.of(
        minimal("gpt2"),
        minimal("llama").integer("llama.expert_count", 8),
        minimal("llama")
            .integer("llama.rope.dimension_count", 2)
            .integer("llama.attention.key_length", 4),
        minimal("llama").real("llama.rope.freq_base", -1),
        minimal("llama").real("llama.rope.freq_base", Float.NaN),
        minimal("llama").tensor("rope_freqs.weight", 0, 64, 3),
        new GgufBuilder().text("general.architecture", "llama"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void open_ggufThatBlocksCannotRun_isRefused(GgufBuilder builder) throws IOException {
    Path path = Files.write(folder.resolve("m.gguf"), builder.build(new byte[128]));
    assertRefused(path, "");
  }

  @Test
  void open_rotaryDivisorsOfAnotherFormula_areLeftToTheTensor() throws IOException {
    byte[] data = new byte[96];
    System.arraycopy(new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40}, 0, data, 64, 8);
    Path path =
        Files.write(
            folder.resolve("m.gguf"),
            minimal("llama").tensor("rope_freqs.weight", 0, 64, 2).build(data));
    try (var model = HfDirectory.open(path)) {
      Config rope = model.config().object("rope_scaling").orElseThrow();
      assertThat(rope.stringAt("rope_type")).isEqualTo("llama3-factors");
      assertThat(FormatFiles.values(model.weights().get("rope_freqs.weight"), DType.F32))
          .containsExactly(1, 2);
    }
  }

  private static GgufBuilder minimal(String architecture) {
    return new GgufBuilder()
        .text("general.architecture", architecture)
        .integer(architecture + ".embedding_length", 8)
        .integer(architecture + ".feed_forward_length", 16)
        .integer(architecture + ".block_count", 1)
        .integer(architecture + ".context_length", 64)
        .integer(architecture + ".attention.head_count", 2)
        .real(architecture + ".attention.layer_norm_rms_epsilon", 1e-6f)
        .tensor("token_embd.weight", 0, 0, 2, 4)
        .tensor("blk.0.attn_q_norm.weight", 0, 32, 4);
  }

  private void shard(String file, String... names) {
    var data = MemorySegment.ofArray(new byte[8]);
    var tensors =
        Stream.of(names)
            .map(name -> SafetensorsWriter.Tensor.of(name, DType.F32, new long[] {2}, data));
    SafetensorsWriter.write(folder.resolve(file), tensors.toList(), Map.of());
  }

  private void index(String map) throws IOException {
    String json = "{'metadata': {'total_size': 24}, 'weight_map': " + map + "}";
    Files.writeString(folder.resolve("model.safetensors.index.json"), json.replace('\'', '"'));
  }

  private static void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> HfDirectory.open(path).close())
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }
}
