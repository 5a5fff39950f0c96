package dev.graft.format;

import dev.graft.InputException;
import dev.graft.engine.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A {@code config.json} made from the metadata of a GGUF file. */
final class GgufConfig {
  /** Hugging Face's class by {@code model_type}. */
  private static final Map<String, String> CLASSES =
      Map.of("llama", "LlamaForCausalLM", "qwen2", "Qwen2ForCausalLM", "qwen3", "Qwen3ForCausalLM");

  private final GgufFile file;
  private final GgufMetadata values;
  private final String prefix;
  private final ObjectNode json = Json.MAPPER.createObjectNode();

  private GgufConfig(GgufFile file) {
    this.file = file;
    this.values = file.keyValues();
    this.prefix = file.architecture() + ".";
  }

  /**
   * The configuration in Hugging Face's words.
   *
   * <p>Where the file holds {@code rope_freqs.weight}, the parameters of Llama 3's rotary scaling
   * are recovered from it if the published formula with the published constants yields the same
   * divisors; otherwise {@code rope_scaling} is {@code {"rope_type": "llama3-factors"}} and the
   * tensor itself has to be used.
   *
   * @throws InputException when the architecture is another, or a value is missing or wrong
   */
  static Config of(GgufFile file) {
    String architecture = file.architecture();
    if (!GgufFile.ARCHITECTURES.contains(architecture)) {
      throw InputException.in(
          file.source(), "architecture " + Text.quote(architecture) + " is not supported");
    }
    var made = new GgufConfig(file);
    made.refuseOthers();
    made.addSizes();
    made.addRotary();
    made.addTokens();
    return Config.of(file.source(), made.json);
  }

  /** Models of the same architecture name that other blocks make up. */
  private void refuseOthers() {
    if (values.integer(prefix + "expert_count").orElse(0) > 0) {
      throw values.wrong(prefix + "expert_count", "mixtures of experts are not supported");
    }
  }

  private void addSizes() {
    String type = file.architecture().equals("mistral") ? "llama" : file.architecture();
    json.put("model_type", type);
    json.putArray("architectures").add(CLASSES.get(type));
    int hidden = values.positive(prefix + "embedding_length");
    int heads = values.positive(prefix + "attention.head_count");
    json.put("hidden_size", hidden);
    json.put("intermediate_size", values.positive(prefix + "feed_forward_length"));
    json.put("num_hidden_layers", values.positive(prefix + "block_count"));
    json.put("num_attention_heads", heads);
    json.put("num_key_value_heads", positiveOr("attention.head_count_kv", heads));
    json.put("head_dim", headDim(hidden, heads));
    json.put("hidden_act", "silu");
    json.put("rms_norm_eps", positiveNumber("attention.layer_norm_rms_epsilon"));
    json.put("max_position_embeddings", values.positive(prefix + "context_length"));
    json.put("attention_bias", file.contains("model.layers.0.self_attn.q_proj.bias"));
    json.put("mlp_bias", file.contains("model.layers.0.mlp.up_proj.bias"));
    json.put("tie_word_embeddings", !file.contains("lm_head.weight"));
    values
        .integer(prefix + "attention.sliding_window")
        .ifPresent(window -> json.put("sliding_window", window));
  }

  private int headDim(int hidden, int heads) {
    String rotary = prefix + "rope.dimension_count";
    if (values.contains(prefix + "attention.key_length")) {
      int size = values.positive(prefix + "attention.key_length");
      if (values.integer(rotary).orElse(size) != size) {
        throw values.wrong(rotary, "rotation of a part of each head is not supported");
      }
      return size;
    }
    if (values.contains(rotary)) {
      return values.positive(rotary);
    }
    if (hidden % heads != 0) {
      throw values.wrong(prefix + "attention.head_count", heads + " does not divide " + hidden);
    }
    return hidden / heads;
  }

  private void addRotary() {
    double theta =
        values.contains(prefix + "rope.freq_base") ? positiveNumber("rope.freq_base") : 10_000;
    json.put("rope_theta", theta);
    if (file.contains("rope_freqs.weight")) {
      addLlama3(theta);
      return;
    }
    String type = values.string(prefix + "rope.scaling.type").orElse("none");
    if (!type.equals("none")) {
      ObjectNode scaling = json.putObject("rope_scaling");
      scaling.put("rope_type", type);
      scaling.put("factor", positiveNumber("rope.scaling.factor"));
      values
          .integer(prefix + "rope.scaling.original_context_length")
          .ifPresent(length -> scaling.put("original_max_position_embeddings", length));
    }
  }

  private void addLlama3(double theta) {
    float[] divisors = divisors(file.get("rope_freqs.weight"));
    Optional<Llama3Rotary> found = Llama3Rotary.recover(divisors, theta);
    ObjectNode scaling = json.putObject("rope_scaling");
    scaling.put("rope_type", found.isPresent() ? "llama3" : "llama3-factors");
    found.ifPresent(rotary -> {
      scaling.put("factor", rotary.factor());
      scaling.put("low_freq_factor", rotary.lowFactor());
      scaling.put("high_freq_factor", rotary.highFactor());
      scaling.put("original_max_position_embeddings", rotary.originalLength());
    });
  }

  private float[] divisors(StoredTensor tensor) {
    long expected = json.path("head_dim").longValue() / 2;
    if (tensor.elements() != expected) {
      throw InputException.in(
          file.source(),
          "tensor \"rope_freqs.weight\": " + tensor.elements() + " elements, not " + expected);
    }
    float[] divisors = new float[(int) expected];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(expected * DType.F32.bytes());
      tensor.copyTo(out, DType.F32);
      Elements.plain(out, DType.F32).read(0, divisors.length, divisors, 0);
    }
    for (float divisor : divisors) {
      if (!(divisor > 0 && Float.isFinite(divisor))) {
        throw InputException.in(file.source(), "tensor \"rope_freqs.weight\": must be above 0");
      }
    }
    return divisors;
  }

  private void addTokens() {
    json.put("vocab_size", vocabulary());
    for (String[] pair :
        new String[][] {
          {"bos_token_id", "bos_token_id"},
          {"eos_token_id", "eos_token_id"},
          {"padding_token_id", "pad_token_id"}
        }) {
      values.integer("tokenizer.ggml." + pair[0]).ifPresent(id -> json.put(pair[1], id));
    }
  }

  /** Rows of the embedding: they, not the metadata, are what the blocks meet. */
  private long vocabulary() {
    return file.shape("model.embed_tokens.weight")
        .filter(shape -> shape.length == 2 && shape[0] > 0 && shape[0] <= Integer.MAX_VALUE)
        .map(shape -> shape[0])
        .orElseThrow(() ->
            InputException.in(
                file.source(), "tensor \"token_embd.weight\" is missing or no matrix"));
  }

  private int positiveOr(String key, int fallback) {
    return values.contains(prefix + key) ? values.positive(prefix + key) : fallback;
  }

  private double positiveNumber(String key) {
    double value =
        values.number(prefix + key).orElseThrow(() -> values.wrong(prefix + key, "is missing"));
    if (value <= 0) {
      throw values.wrong(prefix + key, "must be above 0, not " + value);
    }
    return value;
  }
}
