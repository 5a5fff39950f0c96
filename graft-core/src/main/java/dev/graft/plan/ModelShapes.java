package dev.graft.plan;

import dev.graft.adapter.TargetModules;
import dev.graft.model.DecoderSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The weights of a decoder by part, from its shapes alone.
 *
 * @param embedding elements of the input embedding
 * @param head elements of the output head; 0 where it is the embedding
 * @param attention elements of q, k, v and o of all layers, biases included
 * @param mlp elements of gate, up and down of all layers, biases included
 * @param norms elements of all norms
 */
public record ModelShapes(long embedding, long head, long attention, long mlp, long norms) {
  /**
   * A linear of a decoder layer.
   *
   * @param name as in {@code self_attn.q_proj}
   * @param in number of inputs
   * @param out number of outputs
   * @param biased whether it adds a vector
   */
  public record Linear(String name, int in, int out, boolean biased) {
    /** Elements of the matrix, without the bias. */
    public long matrix() {
      return (long) in * out;
    }

    private long elements() {
      return matrix() + (biased ? out : 0);
    }
  }

  /** Counts a model's weights. */
  public static ModelShapes of(DecoderSpec spec) {
    long d = spec.hidden();
    List<Linear> linears = linears(spec);
    long attention = linears.stream().limit(4).mapToLong(Linear::elements).sum();
    long mlp = linears.stream().skip(4).mapToLong(Linear::elements).sum();
    long norms = 2 * d + (spec.queryKeyNorm() ? 2L * spec.headDim() : 0);
    long embedding = d * spec.vocabulary();
    return new ModelShapes(
        embedding,
        spec.tiedEmbeddings() ? 0 : embedding,
        spec.layers() * attention,
        spec.layers() * mlp,
        spec.layers() * norms + d);
  }

  /** Number of weights, a tied head counted once. */
  public long total() {
    return embedding + head + attention + mlp + norms;
  }

  /** The linears of one layer: q, k, v, o, gate, up, down. */
  public static List<Linear> linears(DecoderSpec spec) {
    int d = spec.hidden();
    int width = spec.intermediate();
    boolean qkv = spec.bias().queryKeyValue();
    boolean mlp = spec.bias().mlp();
    return List.of(
        new Linear("self_attn.q_proj", d, spec.queryWidth(), qkv),
        new Linear("self_attn.k_proj", d, spec.keyWidth(), qkv),
        new Linear("self_attn.v_proj", d, spec.keyWidth(), qkv),
        new Linear("self_attn.o_proj", spec.queryWidth(), d, spec.bias().output()),
        new Linear("mlp.gate_proj", d, width, mlp),
        new Linear("mlp.up_proj", d, width, mlp),
        new Linear("mlp.down_proj", width, d, mlp));
  }

  /** Elements of all the matrices that a token passes in the layers. */
  static long layerMatrices(DecoderSpec spec) {
    return spec.layers() * spec.layerMatrices();
  }

  /** An adapter's rank in each layer, for q, k, v, o, gate, up and down; 0 for none. */
  static List<int[]> ranks(DecoderSpec spec, TargetModules targets, int rank) {
    List<int[]> all = new ArrayList<>();
    List<Linear> linears = linears(spec);
    for (int layer = 0; layer < spec.layers(); layer++) {
      int[] ranks = new int[linears.size()];
      for (int i = 0; i < ranks.length; i++) {
        String module = "model.layers." + layer + "." + linears.get(i).name();
        ranks[i] = targets.matches(module) ? rank : 0;
      }
      all.add(ranks);
    }
    return all;
  }

  /** What an adapter of rank one on these modules has: Σ (in + out). */
  public static Adapted adapted(DecoderSpec spec, TargetModules targets) {
    long perRank = 0;
    int lowest = spec.layers();
    List<String> names = new ArrayList<>();
    for (int layer = spec.layers() - 1; layer >= 0; layer--) {
      for (Linear linear : linears(spec)) {
        if (targets.matches("model.layers." + layer + "." + linear.name())) {
          perRank += (long) linear.in() + linear.out();
          lowest = layer;
          names.add(linear.name());
        }
      }
    }
    return new Adapted(perRank, lowest, names.stream().distinct().sorted().toList());
  }

  /**
   * Where an adapter goes.
   *
   * @param perRank trainable elements for each unit of rank
   * @param lowest lowest layer with an adapted module; as many as layers where there is none
   * @param modules short names of the modules
   */
  public record Adapted(long perRank, int lowest, List<String> modules) {}
}
