package dev.graft.model;

import dev.graft.format.Config;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads what the families' configurations have in common. */
final class SpecReader {
  /** Divisors of the frequencies stand in a tensor of a GGUF file. */
  static final String FACTORS = "llama3-factors";

  private static final int MOST_LAYERS = 1000;
  private static final int WIDEST = 1 << 20;

  private final Config config;
  private DecoderSpec.Bias bias = DecoderSpec.Bias.NONE;
  private boolean queryKeyNorm;
  private int[] windows;

  SpecReader(Config config) {
    this.config = config;
    this.windows = new int[config.intAt("num_hidden_layers", 1, MOST_LAYERS)];
  }

  SpecReader bias(DecoderSpec.Bias bias) {
    this.bias = bias;
    return this;
  }

  SpecReader queryKeyNorm() {
    this.queryKeyNorm = true;
    return this;
  }

  /** The same window on every layer; 0 for none. */
  SpecReader window(int window) {
    Arrays.fill(windows, Math.max(0, window));
    return this;
  }

  /**
   * {@code use_sliding_window} with {@code layer_types} or, before those, {@code
   * max_window_layers}.
   */
  SpecReader qwenWindow() {
    if (!config.boolOr("use_sliding_window", false)) {
      return this;
    }
    int window = config.intOr("sliding_window", 0, 0, Integer.MAX_VALUE);
    List<String> types = config.strings("layer_types");
    int fullBelow = config.intOr("max_window_layers", windows.length);
    if (!types.isEmpty() && types.size() != windows.length) {
      throw config.wrong("layer_types", "has " + types.size() + " entries for " + windows.length);
    }
    for (int i = 0; i < windows.length; i++) {
      boolean slides = types.isEmpty() ? i >= fullBelow : types.get(i).equals("sliding_attention");
      windows[i] = slides ? window : 0;
    }
    return this;
  }

  DecoderSpec read(String family) {
    int hidden = config.intAt("hidden_size", 1, WIDEST);
    int heads = config.intAt("num_attention_heads", 1, 1 << 16);
    int kvHeads = config.intOr("num_key_value_heads", heads, 1, heads);
    if (heads % kvHeads != 0) {
      throw config.wrong("num_key_value_heads", kvHeads + " does not divide " + heads + " heads");
    }
    int headDim = config.intOr("head_dim", hidden / heads, 2, WIDEST);
    if (headDim % 2 != 0) {
      throw config.wrong("head_dim", headDim + " is odd");
    }
    String activation = config.stringOr("hidden_act", "silu");
    if (!activation.equals("silu") && !activation.equals("swish")) {
      throw config.wrong("hidden_act", "'" + activation + "' is not supported, only silu is");
    }
    return new DecoderSpec(
        family,
        config.intAt("vocab_size", 1, 1 << 24),
        hidden,
        config.intAt("intermediate_size", 1, 1 << 24),
        windows.length,
        heads,
        kvHeads,
        headDim,
        config.positiveOr("rms_norm_eps", 1e-6),
        rope(headDim),
        config.boolOr("tie_word_embeddings", false),
        bias,
        queryKeyNorm,
        windows,
        config.intOr("max_position_embeddings", 2048, 1, Integer.MAX_VALUE));
  }

  /** {@code rope_parameters} of transformers 5, or {@code rope_theta} and {@code rope_scaling}. */
  private RopeSpec rope(int headDim) {
    Optional<Config> parameters = config.object("rope_parameters");
    Optional<Config> scaling = parameters.isPresent() ? parameters : config.object("rope_scaling");
    double theta = config.positiveOr("rope_theta", 10000.0);
    if (parameters.isPresent()) {
      theta = parameters.get().positiveOr("rope_theta", theta);
    }
    RopeSpec plain = RopeSpec.plain(theta, headDim);
    return scaling.map(s -> scaled(plain, s)).orElse(plain);
  }

  private RopeSpec scaled(RopeSpec plain, Config scaling) {
    String type = scaling.string("rope_type").orElse(scaling.stringOr("type", "default"));
    return switch (type) {
      case "default", FACTORS -> plain;
      case "linear" -> plain.linear(scaling.doubleAt("factor"));
      case "llama3" ->
          plain.llama3(
              scaling.doubleAt("factor"),
              scaling.doubleAt("low_freq_factor"),
              scaling.doubleAt("high_freq_factor"),
              scaling.doubleAt("original_max_position_embeddings"));
      default ->
          throw scaling.wrong(
              "rope_type", "'" + type + "' is not supported (default, linear, llama3)");
    };
  }
}
