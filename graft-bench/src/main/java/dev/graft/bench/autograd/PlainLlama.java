package dev.graft.bench.autograd;

import dev.graft.InputException;
import dev.graft.engine.DType;
import dev.graft.format.ModelFiles;
import dev.graft.format.Weights;
import dev.graft.model.Decoder;
import dev.graft.model.DecoderSpec;
import dev.graft.model.PackedTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Llama (Touvron et al. 2023, arXiv 2302.13971) with LoRA, written down as one reads it, gradients
 * left to libtorch: what Graft's own backward pass must be worth its while against.
 *
 * <p>It is given what costs nothing in plainness: no padding (linears see all tokens of the batch,
 * attention each example alone, through libtorch's fused attention) and logits at learnt tokens
 * only.
 */
final class PlainLlama implements AutoCloseable {
  private final DecoderSpec spec;
  private final DType dtype;
  private final PointerScope held = new PointerScope();
  private final List<Layer> layers = new ArrayList<>();
  private final List<Linear> adapted = new ArrayList<>();
  private final Tensor embedding;
  private final Tensor finalNorm;
  private final Tensor head;

  private record Layer(
      Tensor inputNorm,
      Linear q,
      Linear k,
      Linear v,
      Linear o,
      Tensor postNorm,
      Linear gate,
      Linear up,
      Linear down) {}

  /** Loads a model; the adapter's matrices are zero until they are set. */
  PlainLlama(ModelFiles files, DType dtype, int rank, double scaling) {
    this.spec = Decoder.specOf(files.config());
    this.dtype = dtype;
    if (spec.bias().queryKeyValue()
        || spec.bias().output()
        || spec.bias().mlp()
        || spec.queryKeyNorm()
        || Arrays.stream(spec.windows()).anyMatch(window -> window != 0)) {
      throw InputException.in(files.root(), "the peer knows Llama without biases and windows only");
    }
    Weights weights = files.weights();
    for (int i = 0; i < spec.layers(); i++) {
      layers.add(layer(weights, "model.layers." + i + ".", rank, scaling));
    }
    embedding = Torch.load(weights.get("model.embed_tokens.weight"), dtype);
    finalNorm = Torch.load(weights.get("model.norm.weight"), dtype);
    head = spec.tiedEmbeddings() ? embedding : Torch.load(weights.get("lm_head.weight"), dtype);
  }

  private Layer layer(Weights weights, String prefix, int rank, double scaling) {
    String attention = prefix + "self_attn.";
    String mlp = prefix + "mlp.";
    return new Layer(
        Torch.load(weights.get(prefix + "input_layernorm.weight"), dtype),
        linear(weights, attention + "q_proj", rank, scaling),
        linear(weights, attention + "k_proj", rank, scaling),
        linear(weights, attention + "v_proj", rank, scaling),
        linear(weights, attention + "o_proj", rank, scaling),
        Torch.load(weights.get(prefix + "post_attention_layernorm.weight"), dtype),
        linear(weights, mlp + "gate_proj", rank, scaling),
        linear(weights, mlp + "up_proj", rank, scaling),
        linear(weights, mlp + "down_proj", rank, scaling));
  }

  private Linear linear(Weights weights, String name, int rank, double scaling) {
    Tensor weight = Torch.load(weights.get(name + ".weight"), dtype);
    int in = (int) weight.size(1);
    int out = (int) weight.size(0);
    Tensor a = Torch.of(new float[rank * in], rank, in);
    Tensor b = Torch.of(new float[out * rank], out, rank);
    Linear linear =
        new Linear(name, weight, a.requires_grad_(true), b.requires_grad_(true), scaling);
    adapted.add(linear);
    return linear;
  }

  /** The layers with an update, in the order of the model. */
  List<Linear> adapted() {
    return adapted;
  }

  /** Mean loss over the learnt tokens, with the graph that leads to it. */
  Tensor loss(PackedTokens batch) {
    Tensor cos = rotary(batch, true);
    Tensor sin = rotary(batch, false);
    Tensor h = torch.embedding(embedding, Torch.of(wide(batch.ids())));
    for (Layer layer : layers) {
      Tensor x = h;
      h = Torch.scoped(() -> forward(layer, x, batch, cos, sin));
    }
    int learnt = batch.learntTokens();
    long[] rows = new long[learnt];
    long[] targets = new long[learnt];
    for (int n = 0, at = 0; n < batch.tokens(); n++) {
      if (batch.learnt()[n]) {
        rows[at] = n - 1L;
        targets[at++] = batch.ids()[n];
      }
    }
    Tensor last = norm(h.index_select(0, Torch.of(rows)), finalNorm);
    Tensor logits = torch.linear(last, head).to(ScalarType.Float);
    return torch.cross_entropy_loss(logits, Torch.of(targets));
  }

  private Tensor forward(Layer layer, Tensor x, PackedTokens batch, Tensor cos, Tensor sin) {
    Tensor h = x.add(attention(layer, norm(x, layer.inputNorm()), batch, cos, sin));
    Tensor normed = norm(h, layer.postNorm());
    Tensor gated = torch.silu(layer.gate().forward(normed)).mul(layer.up().forward(normed));
    return h.add(layer.down().forward(gated));
  }

  private Tensor attention(Layer layer, Tensor x, PackedTokens batch, Tensor cos, Tensor sin) {
    long n = batch.tokens();
    int width = spec.headDim();
    Tensor q = rotated(layer.q().forward(x).view(n, spec.heads(), width), cos, sin);
    Tensor k = rotated(layer.k().forward(x).view(n, spec.kvHeads(), width), cos, sin);
    Tensor v = layer.v().forward(x).view(n, spec.kvHeads(), width);
    Tensor[] parts = new Tensor[batch.segments()];
    for (int s = 0; s < parts.length; s++) {
      long start = batch.starts()[s];
      long length = batch.starts()[s + 1] - start;
      parts[s] = attend(part(q, start, length), part(k, start, length), part(v, start, length));
    }
    Tensor all = torch.cat(new TensorVector(parts), 0);
    return layer.o().forward(all.reshape(n, spec.queryWidth()));
  }

  /** Tokens of one example as (1, H, L, D), keys and values repeated for the queries they serve. */
  private Tensor part(Tensor x, long start, long length) {
    long heads = x.size(1);
    long group = spec.heads() / heads;
    Tensor mine = x.narrow(0, start, length).transpose(0, 1).unsqueeze(0);
    if (group == 1) {
      return mine;
    }
    return mine.unsqueeze(2)
        .expand(1, heads, group, length, spec.headDim())
        .reshape(1, spec.heads(), length, spec.headDim());
  }

  private static Tensor attend(Tensor q, Tensor k, Tensor v) {
    try (TensorOptional mask = new TensorOptional();
        DoubleOptional scale = new DoubleOptional()) {
      return torch
          .scaled_dot_product_attention(q, k, v, mask, 0.0, true, scale, false)
          .squeeze(0)
          .transpose(0, 1);
    }
  }

  private static Tensor rotated(Tensor x, Tensor cos, Tensor sin) {
    long half = x.size(2) / 2;
    Tensor first = x.narrow(2, 0, half);
    Tensor second = x.narrow(2, half, half);
    Tensor turned = torch.cat(new TensorVector(second.neg(), first), 2);
    return x.mul(cos).add(turned.mul(sin));
  }

  private Tensor norm(Tensor x, Tensor weight) {
    Tensor wide = x.to(ScalarType.Float);
    Tensor scaled = wide.mul(Torch.inverseRms(wide, spec.normEpsilon()));
    return scaled.to(x.scalar_type()).mul(weight);
  }

  /** (N, 1, D): cosines or sines, each frequency twice. */
  private Tensor rotary(PackedTokens batch, boolean cosine) {
    double[] frequencies = spec.rope().frequencies();
    int half = frequencies.length;
    float[] values = new float[batch.tokens() * 2 * half];
    for (int s = 0; s < batch.segments(); s++) {
      for (int n = batch.starts()[s]; n < batch.starts()[s + 1]; n++) {
        for (int i = 0; i < half; i++) {
          double angle = (float) (n - batch.starts()[s]) * (float) frequencies[i];
          float value = (float) (cosine ? Math.cos(angle) : Math.sin(angle));
          values[n * 2 * half + i] = value;
          values[n * 2 * half + half + i] = value;
        }
      }
    }
    return Torch.of(values, batch.tokens(), 1, 2L * half).to(Torch.scalarType(dtype));
  }

  private static long[] wide(int[] ids) {
    return Arrays.stream(ids).asLongStream().toArray();
  }

  @Override
  public void close() {
    held.close();
  }
}
