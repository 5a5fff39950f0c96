package dev.graft.model;

import dev.graft.InputException;
import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.format.Config;
import dev.graft.format.ModelFiles;
import dev.graft.format.StoredTensor;
import dev.graft.format.Weights;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds a decoder from stored weights, straight from the mapped files into the fused matrices.
 *
 * <p>Every tensor must be there, of the right shape, and used: one that the configuration does not
 * account for (a bias, an extra norm) would be left out of the computation silently.
 */
final class DecoderLoader {
  /** Tensors that some tools write although they follow from the configuration. */
  private static final String DERIVED = "rotary_emb.inv_freq";

  private static final String ROPE_FACTORS = "rope_freqs.weight";

  private final DecoderSpec spec;
  private final Weights weights;
  private final DType dtype;
  private final Device device;
  private final Scope holder = Scope.holder();
  private final Fingerprint fingerprint = new Fingerprint();
  private final Set<String> used = new HashSet<>();

  /** The decoder that the files describe, with weights converted to {@code dtype}. */
  static Decoder load(ModelFiles files, DType dtype, Device device) {
    DecoderSpec spec = ModelFamily.of(files.config()).spec(files.config());
    Optional<Config> scaling = files.config().object("rope_scaling");
    if (scaling.flatMap(s -> s.string("rope_type")).orElse("").equals(SpecReader.FACTORS)) {
      StoredTensor stored = files.weights().get(ROPE_FACTORS);
      try (Scope scope = Scope.open()) {
        Tensor factors = Tensor.empty(DType.F32, Device.CPU, stored.shape());
        stored.copyTo(factors.memory(), DType.F32);
        spec = spec.withRope(spec.rope().dividedBy(factors.toFloats()));
      }
    }
    return new DecoderLoader(spec, files.weights(), dtype, device).load();
  }

  DecoderLoader(DecoderSpec spec, Weights weights, DType dtype, Device device) {
    this.spec = spec;
    this.weights = weights;
    this.dtype = dtype;
    this.device = device;
  }

  Decoder load() {
    try (Scope scope = Scope.open()) {
      List<DecoderLayer> layers = new ArrayList<>();
      for (int i = 0; i < spec.layers(); i++) {
        layers.add(layer(i));
        weights.release(); // they are copied into the fused matrices
      }
      RmsNorm norm = norm("model.norm.weight", spec.hidden());
      Tensor embedding = null;
      FusedLinear head;
      if (spec.tiedEmbeddings()) {
        used.add("lm_head.weight"); // some files hold the tied weight twice
        head = linear(spec.hidden(), false, part("model.embed_tokens", spec.vocabulary()));
      } else {
        head = linear(spec.hidden(), false, part("lm_head", spec.vocabulary()));
        embedding = matrix(DecoderWeights.EMBEDDING, spec.vocabulary(), spec.hidden());
      }
      checkAllUsed();
      weights.release();
      DecoderWeights all =
          new DecoderWeights(holder, layers, norm, head, embedding, fingerprint.digest());
      return new Decoder(spec, all);
    } catch (RuntimeException | Error e) {
      holder.close();
      throw e;
    }
  }

  private DecoderLayer layer(int i) {
    String prefix = "model.layers." + i + ".";
    String attention = prefix + "self_attn.";
    String mlp = prefix + "mlp.";
    int q = spec.queryWidth();
    int k = spec.keyWidth();
    int d = spec.hidden();
    int wide = spec.intermediate();
    boolean heads = spec.queryKeyNorm();
    FusedLinear qkv =
        linear(
            d,
            spec.bias().queryKeyValue(),
            part(attention + "q_proj", q),
            part(attention + "k_proj", k),
            part(attention + "v_proj", k));
    FusedLinear output = linear(q, spec.bias().output(), part(attention + "o_proj", d));
    FusedLinear gateUp =
        linear(d, spec.bias().mlp(), part(mlp + "gate_proj", wide), part(mlp + "up_proj", wide));
    FusedLinear down = linear(wide, spec.bias().mlp(), part(mlp + "down_proj", d));
    return new DecoderLayer(
        spec,
        i,
        new DecoderLayer.Weights(
            norm(prefix + "input_layernorm.weight", d),
            qkv,
            heads ? norm(attention + "q_norm.weight", spec.headDim()) : null,
            heads ? norm(attention + "k_norm.weight", spec.headDim()) : null,
            output,
            norm(prefix + "post_attention_layernorm.weight", d),
            gateUp,
            down));
  }

  private static FusedLinear.Part part(String name, int out) {
    return new FusedLinear.Part(name, out);
  }

  private RmsNorm norm(String name, int size) {
    return new RmsNorm(holder, name, vector(name, size), spec.normEpsilon());
  }

  private FusedLinear linear(int in, boolean biased, FusedLinear.Part... parts) {
    int out = Arrays.stream(parts).mapToInt(FusedLinear.Part::out).sum();
    Tensor matrix = Tensor.empty(dtype, Device.CPU, out, in);
    Tensor bias = biased ? Tensor.empty(dtype, Device.CPU, out) : null;
    int row = 0;
    for (FusedLinear.Part part : parts) {
      fill(matrix.narrow(0, row, part.out()), part.name() + ".weight", part.out(), in);
      if (bias != null) {
        fill(bias.narrow(0, row, part.out()), part.name() + ".bias", part.out());
      }
      row += part.out();
    }
    return new FusedLinear(holder, List.of(parts), matrix.to(device), onDevice(bias));
  }

  private @Nullable Tensor onDevice(@Nullable Tensor tensor) {
    return tensor == null ? null : tensor.to(device);
  }

  private Tensor matrix(String name, long rows, long columns) {
    Tensor tensor = Tensor.empty(dtype, Device.CPU, rows, columns);
    fill(tensor, name, rows, columns);
    return tensor.to(device);
  }

  private Tensor vector(String name, long size) {
    Tensor tensor = Tensor.empty(dtype, Device.CPU, size);
    fill(tensor, name, size);
    return tensor.to(device);
  }

  private void fill(Tensor target, String name, long... shape) {
    StoredTensor stored = weights.get(name);
    if (!Arrays.equals(stored.shape(), shape)) {
      throw InputException.in(
          weights.source(),
          "tensor "
              + name
              + " is "
              + Arrays.toString(stored.shape())
              + ", but the configuration needs "
              + Arrays.toString(shape));
    }
    if (!stored.dtype().isFloating()) {
      throw InputException.in(
          weights.source(), "tensor " + name + " is of type " + stored.dtype() + ", not floating");
    }
    MemorySegment memory = target.memory();
    stored.copyTo(memory, dtype);
    used.add(name);
    fingerprint.add(name, target);
  }

  private void checkAllUsed() {
    for (String name : weights.names()) {
      if (!used.contains(name) && !name.endsWith(DERIVED) && !name.equals(ROPE_FACTORS)) {
        throw InputException.in(
            weights.source(),
            "tensor " + name + " has no place in the model that the configuration describes");
      }
    }
  }
}
