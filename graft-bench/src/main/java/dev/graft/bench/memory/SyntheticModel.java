package dev.graft.bench.memory;

import dev.graft.InputException;
import dev.graft.engine.DType;
import dev.graft.format.SafetensorsWriter;
import dev.graft.io.AtomicFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Llama of a chosen size with random bfloat16 weights and the tokenizer of another model: memory
 * depends on sizes, not on values.
 *
 * @param hidden width; heads are 64 wide, or one of the whole width below that
 * @param layers number of layers
 */
record SyntheticModel(int hidden, int layers) {
  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{1,4})x([1-9][0-9]{0,2})");
  private static final int HEAD = 64;
  private static final List<String> TOKENIZER =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "chat_template.jinja",
          "generation_config.json");

  /** Reads {@code WIDTHxLAYERS}. */
  static SyntheticModel parse(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new InputException("--sizes: '" + text + "' is not WIDTHxLAYERS, such as 512x8");
    }
    int hidden = Integer.parseInt(matcher.group(1));
    if (hidden % HEAD != 0) {
      throw new InputException("--sizes: the width " + hidden + " is no multiple of " + HEAD);
    }
    return new SyntheticModel(hidden, Integer.parseInt(matcher.group(2)));
  }

  /** About 8/3 of the width, as Llama has it. */
  int intermediate() {
    return (hidden * 8 / 3 + HEAD - 1) / HEAD * HEAD;
  }

  @Override
  public String toString() {
    return hidden + "x" + layers;
  }

  /** Writes the model to a folder, with the tokenizer of the model in {@code donor}. */
  void write(Path folder, Path donor, int vocabulary) throws IOException {
    Files.createDirectories(folder);
    for (String name : TOKENIZER) {
      if (Files.exists(donor.resolve(name))) {
        Files.copy(donor.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    AtomicFile.writeString(
        folder.resolve("config.json"), new JsonMapper().writeValueAsString(config(vocabulary)));
    SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors(vocabulary), Map.of());
  }

  private Map<String, Object> config(int vocabulary) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("architectures", List.of("LlamaForCausalLM"));
    config.put("model_type", "llama");
    config.put("vocab_size", vocabulary);
    config.put("hidden_size", hidden);
    config.put("intermediate_size", intermediate());
    config.put("num_hidden_layers", layers);
    config.put("num_attention_heads", hidden / HEAD);
    config.put("num_key_value_heads", hidden / HEAD);
    config.put("max_position_embeddings", 8192);
    config.put("rms_norm_eps", 1e-5);
    config.put("rope_theta", 10000.0);
    config.put("hidden_act", "silu");
    config.put("tie_word_embeddings", true);
    return config;
  }

  private List<SafetensorsWriter.Tensor> tensors(int vocabulary) {
    List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
    tensors.add(matrix("model.embed_tokens.weight", vocabulary, hidden));
    tensors.add(ones("model.norm.weight"));
    for (int i = 0; i < layers; i++) {
      String prefix = "model.layers." + i + ".";
      tensors.add(ones(prefix + "input_layernorm.weight"));
      tensors.add(ones(prefix + "post_attention_layernorm.weight"));
      for (String part : List.of("q", "k", "v", "o")) {
        tensors.add(matrix(prefix + "self_attn." + part + "_proj.weight", hidden, hidden));
      }
      tensors.add(matrix(prefix + "mlp.gate_proj.weight", intermediate(), hidden));
      tensors.add(matrix(prefix + "mlp.up_proj.weight", intermediate(), hidden));
      tensors.add(matrix(prefix + "mlp.down_proj.weight", hidden, intermediate()));
    }
    return tensors;
  }

  private static SafetensorsWriter.Tensor matrix(String name, int rows, int columns) {
    return new SafetensorsWriter.Tensor(
        name, DType.BF16, new long[] {rows, columns}, () -> random(rows, columns));
  }

  private SafetensorsWriter.Tensor ones(String name) {
    short one = (short) 0x3f80;
    ByteBuffer bytes = ByteBuffer.allocate(2 * hidden).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < hidden; i++) {
      bytes.putShort(one);
    }
    MemorySegment data = MemorySegment.ofArray(bytes.array());
    return new SafetensorsWriter.Tensor(name, DType.BF16, new long[] {hidden}, () -> data);
  }

  /** Values between 1/64 and 1/32 of either sign: the bits of bfloat16 with a fixed exponent. */
  private static MemorySegment random(int rows, int columns) {
    byte[] bytes = new byte[Math.multiplyExact(2, Math.multiplyExact(rows, columns))];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    SplittableRandom random = new SplittableRandom(rows * 31L + columns);
    while (buffer.remaining() >= Long.BYTES) {
      buffer.putLong(0x3c803c803c803c80L | (random.nextLong() & 0x807f807f807f807fL));
    }
    while (buffer.hasRemaining()) {
      buffer.putShort((short) 0x3c80);
    }
    return MemorySegment.ofArray(bytes);
  }
}
