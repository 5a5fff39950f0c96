package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Random;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Tiny decoders with random weights for tests. */
public final class TinyDecoders {
  static final int LAYERS = 2;

  private TinyDecoders() {}

  /** hidden 24, heads 4 over 2, head size 8, V 40. */
  public static DecoderSpec spec(boolean tied, boolean bias, boolean queryKeyNorm, int window) {
    return new DecoderSpec(
        "llama",
        40,
        24,
        36,
        LAYERS,
        4,
        2,
        8,
        1e-5,
        RopeSpec.plain(10000, 8),
        tied,
        new DecoderSpec.Bias(bias, false, false),
        queryKeyNorm,
        new int[] {window, window},
        64);
  }

  /** Of sizes that the kernels serve: hidden 64, heads of 64, V 64. */
  static DecoderSpec wideSpec(int heads, int window) {
    return new DecoderSpec(
        "llama",
        64,
        64,
        96,
        LAYERS,
        heads,
        2,
        64,
        1e-5,
        RopeSpec.plain(10000, 64),
        true,
        new DecoderSpec.Bias(true, false, false),
        false,
        new int[] {0, window},
        1024);
  }

  /** A Llama with heads of 64 and a tied head, for what depends on size. */
  public static DecoderSpec llama(
      int hidden, int intermediate, int layers, int heads, int kvHeads, int vocabulary) {
    return new DecoderSpec(
        "llama",
        vocabulary,
        hidden,
        intermediate,
        layers,
        heads,
        kvHeads,
        64,
        1e-5,
        RopeSpec.plain(10000, 64),
        true,
        DecoderSpec.Bias.NONE,
        false,
        new int[layers],
        2048);
  }

  /** The same seed gives the same weights, whatever the element type. */
  public static Decoder make(DecoderSpec spec, DType dtype, long seed) {
    return make(spec, dtype, dtype, seed);
  }

  /** Weights rounded to {@code rounded}, then of type {@code dtype}. */
  public static Decoder make(DecoderSpec spec, DType rounded, DType dtype, long seed) {
    Scope holder = Scope.holder();
    try (Scope scope = Scope.open()) {
      Maker maker = new Maker(holder, rounded, dtype, seed);
      List<DecoderLayer> layers = new ArrayList<>();
      for (int i = 0; i < spec.layers(); i++) {
        layers.add(maker.layer(spec, i));
      }
      RmsNorm norm = maker.norm("model.norm.weight", spec.hidden());
      String name = spec.tiedEmbeddings() ? "model.embed_tokens" : "lm_head";
      FusedLinear head =
          maker.linear(spec.hidden(), false, new FusedLinear.Part(name, spec.vocabulary()));
      Tensor embedding =
          spec.tiedEmbeddings() ? null : maker.random(0, 1, spec.vocabulary(), spec.hidden());
      return new Decoder(spec, new DecoderWeights(holder, layers, norm, head, embedding, "tiny"));
    }
  }

  private static final class Maker {
    private final Scope holder;
    private final DType rounded;
    private final DType dtype;
    private long seed;

    Maker(Scope holder, DType rounded, DType dtype, long seed) {
      this.holder = holder;
      this.rounded = rounded;
      this.dtype = dtype;
      this.seed = seed;
    }

    Tensor random(double mean, double deviation, long... shape) {
      Tensor t = Tensor.empty(DType.F32, Device.CPU, shape);
      return Random.normalInPlace(t, mean, deviation, ++seed * 7919).to(rounded).to(dtype);
    }

    RmsNorm norm(String name, int size) {
      return new RmsNorm(holder, name, random(1, 0.2, size), 1e-5);
    }

    FusedLinear linear(int in, boolean bias, FusedLinear.Part... parts) {
      int out = 0;
      for (FusedLinear.Part part : parts) {
        out += part.out();
      }
      Tensor b = bias ? random(0, 0.3, out) : null;
      return new FusedLinear(holder, List.of(parts), random(0, 0.25, out, in), b);
    }

    DecoderLayer layer(DecoderSpec spec, int i) {
      String p = "model.layers." + i + ".";
      int q = spec.queryWidth();
      int k = spec.keyWidth();
      boolean heads = spec.queryKeyNorm();
      int wide = spec.intermediate();
      return new DecoderLayer(
          spec,
          i,
          new DecoderLayer.Weights(
              norm(p + "input_layernorm.weight", spec.hidden()),
              linear(
                  spec.hidden(),
                  spec.bias().queryKeyValue(),
                  new FusedLinear.Part(p + "self_attn.q_proj", q),
                  new FusedLinear.Part(p + "self_attn.k_proj", k),
                  new FusedLinear.Part(p + "self_attn.v_proj", k)),
              heads ? norm(p + "self_attn.q_norm.weight", spec.headDim()) : null,
              heads ? norm(p + "self_attn.k_norm.weight", spec.headDim()) : null,
              linear(q, false, new FusedLinear.Part(p + "self_attn.o_proj", spec.hidden())),
              norm(p + "post_attention_layernorm.weight", spec.hidden()),
              linear(
                  spec.hidden(),
                  false,
                  new FusedLinear.Part(p + "mlp.gate_proj", wide),
                  new FusedLinear.Part(p + "mlp.up_proj", wide)),
              linear(wide, false, new FusedLinear.Part(p + "mlp.down_proj", spec.hidden()))));
    }
  }

  /** Two segments of 7 and 5 tokens, some of them learnt. */
  public static PackedTokens tokens() {
    int[] ids = {3, 17, 5, 39, 0, 8, 21, 30, 2, 2, 11, 19};
    boolean[] learnt = new boolean[ids.length];
    for (int n : new int[] {2, 3, 5, 6, 8, 9, 11}) {
      learnt[n] = true;
    }
    return new PackedTokens(ids, new int[] {0, 7, 12}, learnt);
  }
}
