package dev.graft.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.engine.DType;
import dev.graft.testing.MutationRun;
import dev.graft.testing.Mutations;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broken weight files and configurations come out as InputException and never as anything else. */
class FormatMutationTest {
  private static final String CONFIG =
      """
      {"model_type": "llama", "hidden_size": 576, "num_attention_heads": 9, "rms_norm_eps": 1e-05,
       "eos_token_id": [1, 2], "tie_word_embeddings": true, "layer_types": ["full", "sliding"],
       "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "short_factor": [1.0, 1.5]}}
      """;

  @TempDir Path folder;

  @Test
  void safetensors_mutations_areReadOrRefused() throws IOException {
    byte[] seed = Files.readAllBytes(FormatFiles.resource("mixed.safetensors"));
    Path path = folder.resolve("x.safetensors");
    MutationRun.run(
        random -> mutateSafetensors(seed, random),
        input -> {
          Files.write(path, input);
          try (var file = SafetensorsFile.open(path)) {
            readAll(file, input.length);
          }
        });
  }

  @Test
  void shards_mutationsOfTheIndex_areReadOrRefused() throws IOException {
    for (String shard : List.of("a", "b")) {
      var data = MemorySegment.ofArray(new byte[8]);
      SafetensorsWriter.write(
          folder.resolve(shard + ".safetensors"),
          List.of(
              SafetensorsWriter.Tensor.of(shard + "1", DType.F32, new long[] {2}, data),
              SafetensorsWriter.Tensor.of(shard + "2", DType.BF16, new long[] {2, 2}, data)),
          Map.of());
    }
    byte[] seed =
        """
        {"metadata": {"total_size": 32, "made_by": "a text in which changes do little harm",
         "versions": ["one", 2, {"three": 4}], "note": "this is another such text"}, "weight_map": {"a1": "a.safetensors",
         "a2": "a.safetensors", "b1": "b.safetensors", "b2": "b.safetensors"}}
        """
            .getBytes(StandardCharsets.UTF_8);
    Path index = folder.resolve("model.safetensors.index.json");
    MutationRun.run(
        random -> Mutations.mutate(seed, random),
        input -> {
          Files.write(index, input);
          try (Weights weights = ShardedWeights.open(index)) {
            readAll(weights, 1000);
          }
        });
  }

  @Test
  void config_mutations_areReadOrRefused() {
    Path path = folder.resolve("config.json");
    byte[] seed = CONFIG.getBytes(StandardCharsets.UTF_8);
    MutationRun.run(
        random -> Mutations.mutate(seed, random),
        input -> {
          Files.write(path, input);
          Config config = Config.read(path);
          config.stringAt("model_type");
          config.intAt("hidden_size", 1, 1 << 20);
          config.intOr("num_attention_heads", 1);
          config.positiveOr("rms_norm_eps", 1e-6);
          config.ints("eos_token_id");
          config.boolOr("tie_word_embeddings", false);
          config.strings("layer_types");
          config.object("rope_scaling").ifPresent(rope -> rope.doubles("short_factor"));
        });
  }

  @Test
  void gguf_mutations_areReadOrRefused() throws IOException {
    byte[] seed = Files.readAllBytes(FormatFiles.resource("tiny-llama.gguf"));
    int head = dataStart();
    Path path = folder.resolve("x.gguf");
    MutationRun.run(
        random ->
            random.nextInt(4) == 0
                ? Mutations.mutate(seed, random)
                : pad(Mutations.mutateHead(seed, head, random)),
        input -> {
          Files.write(path, input);
          try (ModelFiles model = HfDirectory.open(path)) {
            readAll(model.weights(), input.length);
            model.gguf().orElseThrow().keyValues().values().values().stream()
                .filter(GgufArray.class::isInstance)
                .forEach(array -> ((GgufArray) array).toList());
          }
        });
  }

  /** Half of them with a header length that fits the header. */
  private static byte[] mutateSafetensors(byte[] seed, RandomGenerator random) {
    if (random.nextBoolean()) {
      return Mutations.mutate(seed, random);
    }
    int length = (int) ByteBuffer.wrap(seed).order(ByteOrder.LITTLE_ENDIAN).getLong();
    byte[] header = Mutations.mutate(Arrays.copyOfRange(seed, 8, 8 + length), random);
    byte[] prefix =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array();
    return Mutations.join(prefix, header, Arrays.copyOfRange(seed, 8 + length, seed.length));
  }

  /** Bytes before the first tensor of the GGUF seed. */
  private static int dataStart() {
    try (var part = GgufPart.open(FormatFiles.resource("tiny-llama.gguf"))) {
      return Math.toIntExact(
          part.entries().values().stream().mapToLong(GgufPart.Entry::offset).min().orElseThrow());
    }
  }

  /** Room behind the tensors, so that a longer or shifted head is not refused for that alone. */
  private static byte[] pad(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length + 4096);
  }

  private static void readAll(Weights weights, int fileSize) {
    for (String name : weights.names()) {
      StoredTensor tensor = weights.get(name);
      // At best 256 elements in 84 bytes.
      assertThat(tensor.elements()).isBetween(0L, fileSize * 4L);
      try (Arena arena = Arena.ofConfined()) {
        tensor.copyTo(arena.allocate(tensor.elements() * 4), DType.F32);
        tensor.copyTo(arena.allocate(tensor.elements() * 2), DType.BF16);
      }
    }
  }
}
