package dev.graft.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.engine.DType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufFileTest {
  private static final Path SMOLLM2 =
      Path.of("../../shared/models/smollm2-135m-instruct/model.gguf");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"quants", "tiny-llama"})
  void copyTo_eachType_equalsTheReferenceBitForBit(String name) {
    try (var file = GgufFile.open(FormatFiles.resource(name + ".gguf"));
        var expected = SafetensorsFile.open(FormatFiles.resource(name + ".safetensors"))) {
      assertThat(file.names()).containsExactlyInAnyOrderElementsOf(expected.names());
      for (String tensor : expected.names()) {
        assertThat(file.get(tensor).shape()).isEqualTo(expected.get(tensor).shape());
        assertThat(float32(file.get(tensor)).mismatch(expected.get(tensor).mapped().orElseThrow()))
            .as(tensor)
            .isEqualTo(-1);
      }
    }
  }

  @Test
  void get_plainAndQuantised_giveStoredTypeAndMapping() {
    try (var file = GgufFile.open(FormatFiles.resource("tiny-llama.gguf"))) {
      StoredTensor norm = file.get("model.norm.weight");
      assertThat(norm.dtype()).isEqualTo(DType.F32);
      assertThat(norm.mapped().orElseThrow().byteSize()).isEqualTo(128);
      assertThat(file.get("lm_head.weight").dtype()).isEqualTo(DType.F32);
      assertThat(file.get("lm_head.weight").mapped()).isEmpty();
      assertThat(file.get("model.layers.0.self_attn.k_proj.weight").mapped()).isEmpty();
    }
    try (var file = GgufFile.open(FormatFiles.resource("quants.gguf"))) {
      assertThat(file.get("BF16").dtype()).isEqualTo(DType.BF16);
      assertThat(file.get("F16").dtype()).isEqualTo(DType.F16);
    }
  }

  @Test
  void keyValues_allKinds_areRead() {
    try (var file = GgufFile.open(FormatFiles.resource("tiny-llama.gguf"))) {
      GgufMetadata values = file.keyValues();
      assertThat(file.architecture()).isEqualTo("llama");
      assertThat(values.integer("llama.context_length")).hasValue(128);
      assertThat(values.number("llama.attention.layer_norm_rms_epsilon")).hasValue(1e-5);
      assertThat(values.number("test.double")).hasValue(0.1);
      assertThat(values.values()).containsEntry("test.negative", -5L);
      assertThat(values.bool("tokenizer.ggml.add_bos_token")).hasValue(true);
      assertThat(values.array("tokenizer.ggml.tokens").orElseThrow().toList())
          .containsExactly("<unk>", "<s>", "</s>", "ä", "b", "c", "d", "e");
      assertThat(values.array("test.numbers").orElseThrow().toList()).containsExactly(1.5, -2.5);
      assertThat(file.metadata()).containsEntry("general.architecture", "llama");
      assertThatThrownBy(() -> values.integer("test.negative"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("out of range");
      assertThatThrownBy(() -> values.string("test.double"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("must be a string");
    }
  }

  @Test
  void open_smollm2_equalsWhatTransformersReads() throws Exception {
    Assumptions.assumeTrue(Files.exists(SMOLLM2), "shared model is not there");
    List<String> lines = Files.readAllLines(FormatFiles.resource("smollm2.tsv"));
    try (var file = GgufFile.open(SMOLLM2)) {
      for (String line : lines.subList(0, lines.size() - 1)) {
        String[] cells = line.split("\t");
        MessageDigest one = sha256();
        one.update(float32(file.get(cells[0])).asByteBuffer());
        assertThat(HexFormat.of().formatHex(one.digest())).as(cells[0]).isEqualTo(cells[1]);
      }
      MessageDigest all = sha256();
      for (String name : file.names().stream().sorted().toList()) {
        all.update(float32(file.get(name)).asByteBuffer());
      }
      assertThat(file.names().size() + "\t" + HexFormat.of().formatHex(all.digest()))
          .isEqualTo(lines.getLast());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 4, 23, 24, 100, 2000})
  void open_cutOff_isRefused(int length) throws IOException {
    byte[] bytes = Files.readAllBytes(FormatFiles.resource("tiny-llama.gguf"));
    Path path = Files.write(folder.resolve("x.gguf"), Arrays.copyOf(bytes, length));
    assertThatThrownBy(() -> GgufFile.open(path))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(path + ": ");
  }

  private static MemorySegment float32(StoredTensor tensor) {
    MemorySegment out = Arena.ofAuto().allocate(tensor.elements() * 4, 64);
    tensor.copyTo(out, DType.F32);
    return out;
  }

  private static MessageDigest sha256() throws NoSuchAlgorithmException {
    return MessageDigest.getInstance("SHA-256");
  }
}
