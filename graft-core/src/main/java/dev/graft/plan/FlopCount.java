package dev.graft.plan;

import dev.graft.adapter.TargetModules;
import dev.graft.model.DecoderSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Floating-point operations of matrix products, two for each multiplication with its addition.
 *
 * <p>Element-wise work (norms, softmax, the optimizer) is left out, as is usual (Hoffmann et al.
 * 2022, arXiv 2203.15556, appendix F). Attention is causal: pairs of query and key that are masked
 * are not counted. Logits are made at learnt tokens only.
 *
 * @param forward of the base model's matrices, attention and head
 * @param toInputs backward: gradients of the inputs
 * @param toWeights backward: gradients of base weights, where they are trained
 * @param adapter of the adapter, forward and backward
 * @param recomputed of a second forward pass of the layers
 */
public record FlopCount(
    double forward, double toInputs, double toWeights, double adapter, double recomputed) {
  private static final double MULTIPLY_ADD = 2;

  /**
   * What is counted.
   *
   * @param spec the model
   * @param technique what is trained
   * @param targets modules of an adapter
   * @param checkpointing whether the layers are computed anew in the backward pass
   */
  public record Work(
      DecoderSpec spec, Technique technique, TargetModules targets, boolean checkpointing) {}

  /** All of them. */
  public double total() {
    return forward + toInputs + toWeights + adapter + recomputed;
  }

  /** So many times as much. */
  FlopCount times(double factor) {
    return new FlopCount(
        forward * factor,
        toInputs * factor,
        toWeights * factor,
        adapter * factor,
        recomputed * factor);
  }

  /** Counts the operations of these tokens, once. */
  public static FlopCount of(Work work, TokenLoad load) {
    DecoderSpec spec = work.spec();
    Technique technique = work.technique();
    Technique.Kind kind = technique.kind();
    int virtual = kind == Technique.Kind.PROMPT_TUNING ? technique.size() : 0;
    double tokens = load.tokens() + (double) virtual * load.examples();
    double matrices = MULTIPLY_ADD * tokens * ModelShapes.layerMatrices(spec);
    double attention = attention(spec, load, virtual, technique);
    double head = MULTIPLY_ADD * load.learnt() * spec.hidden() * spec.vocabulary();
    double forward = matrices + attention + head;
    if (kind == Technique.Kind.PROMPTING) {
      return new FlopCount(forward, 0, 0, 0, 0);
    }
    double recomputed = work.checkpointing() ? matrices + attention : 0;
    if (kind.trainsAll()) {
      return new FlopCount(
          forward, matrices + 2 * attention + head, matrices + head, 0, recomputed);
    }
    double share = 1;
    double adapter = 0;
    if (kind.hasAdapter()) {
      ModelShapes.Adapted adapted = ModelShapes.adapted(spec, work.targets());
      // The gradient goes down to the lowest adapted layer and no further.
      share = (spec.layers() - adapted.lowest()) / (double) spec.layers();
      adapter = 3 * MULTIPLY_ADD * tokens * technique.size() * adapted.perRank();
    }
    return new FlopCount(
        forward, (matrices + 2 * attention) * share + head, 0, adapter, recomputed * share);
  }

  /** Scores and weighted sums: two products over pairs of query and key, of all layers. */
  private static double attention(
      DecoderSpec spec, TokenLoad load, int virtual, Technique technique) {
    TokenLoad seen = virtual == 0 ? load : longer(load, virtual);
    int prefix = technique.kind() == Technique.Kind.PREFIX_TUNING ? technique.size() : 0;
    double pairs = 0;
    Map<Integer, Double> known = new LinkedHashMap<>();
    for (int window : spec.windows()) {
      pairs += known.computeIfAbsent(window, w -> seen.pairs(w, prefix));
    }
    return 2 * MULTIPLY_ADD * pairs * spec.queryWidth();
  }

  private static TokenLoad longer(TokenLoad load, int by) {
    var lengths = new java.util.TreeMap<Integer, Long>();
    load.lengths().forEach((length, count) -> lengths.merge(length + by, count, Long::sum));
    return new TokenLoad(lengths, load.learnt(), load.prefix(), load.source());
  }

  /** How the numbers come about, a line each. */
  static List<String> formulas(Work work, TokenLoad load) {
    DecoderSpec spec = work.spec();
    String tokens = Figures.exact(load.tokens());
    String layers =
        "layers: 2 · tokens · Σ in·out = 2 · "
            + tokens
            + " · "
            + ModelShapes.layerMatrices(spec)
            + (work.technique().kind() == Technique.Kind.PROMPT_TUNING
                ? ", with the virtual tokens"
                : "");
    String attention =
        "attention: 2 products · 2 · H·D · pairs of query and key they may see = 4 · "
            + spec.queryWidth()
            + " · "
            + spec.layers()
            + " layers · "
            + (Arrays.stream(spec.windows()).allMatch(w -> w == 0)
                ? Figures.exact(load.pairs(0, 0))
                : "pairs within each layer's window");
    String head =
        "head: 2 · learnt tokens · d · V = 2 · "
            + Figures.exact(load.learnt())
            + " · "
            + spec.hidden()
            + " · "
            + spec.vocabulary();
    return List.of(layers, attention, head, "forward = layers + attention + head", backward(work));
  }

  private static String backward(Work work) {
    Technique.Kind kind = work.technique().kind();
    String again = work.checkpointing() ? "; again forward = layers + attention" : "";
    if (kind == Technique.Kind.PROMPTING) {
      return "no backward pass: one forward pass over the tokens";
    }
    if (kind.trainsAll()) {
      return "backward: to inputs = layers + 2 · attention + head; to weights = layers + head"
          + again;
    }
    String inputs = "backward: to inputs = layers + 2 · attention + head, to frozen weights none";
    if (!kind.hasAdapter()) {
      return inputs + again;
    }
    ModelShapes.Adapted adapted = ModelShapes.adapted(work.spec(), work.targets());
    return inputs
        + ", down to layer "
        + adapted.lowest()
        + "; adapter: 3 · 2 · tokens · r · Σ (in + out) = 6 · tokens · "
        + work.technique().size()
        + " · "
        + adapted.perRank()
        + again;
  }
}
