package dev.graft.plan;

import dev.graft.adapter.TargetModules;
import dev.graft.model.DecoderSpec;

/**
 * A way to make a model fit a task.
 *
 * @param kind what is trained
 * @param size rank of an adapter, or number of virtual tokens of a prompt method; else 0
 */
public record Technique(Kind kind, int size) {
  /** What is trained. */
  public enum Kind {
    /** All weights, beginning from nothing. */
    PRETRAIN("pre-training", false, "Kaplan et al. 2020, arXiv 2001.08361"),
    /** All weights of a trained model, on plain text. */
    CONTINUED("continued pre-training", false, "Gururangan et al. 2020, arXiv 2004.10964"),
    /** All weights, on examples. */
    FULL("full fine-tuning", false, "Howard and Ruder 2018, arXiv 1801.06146"),
    /** A low-rank update of frozen weights. */
    LORA("LoRA", false, "Hu et al. 2021, arXiv 2106.09685"),
    /** The same over weights of four bits. */
    QLORA("QLoRA", true, "Dettmers et al. 2023, arXiv 2305.14314"),
    /** Embeddings of virtual tokens before the text. */
    PROMPT_TUNING("prompt tuning", true, "Lester et al. 2021, arXiv 2104.08691"),
    /** Keys and values of virtual tokens in each layer. */
    PREFIX_TUNING("prefix tuning", true, "Li and Liang 2021, arXiv 2101.00190"),
    /** Nothing: the task is told in the prompt. */
    PROMPTING("prompting", false, "Brown et al. 2020, arXiv 2005.14165");

    private final String label;
    private final boolean predicted;
    private final String source;

    Kind(String label, boolean predicted, String source) {
      this.label = label;
      this.predicted = predicted;
      this.source = source;
    }

    /** Where the method was described. */
    public String source() {
      return source;
    }

    /** Whether every weight is trained. */
    boolean trainsAll() {
      return this == PRETRAIN || this == CONTINUED || this == FULL;
    }

    /** Whether it has a low-rank adapter. */
    boolean hasAdapter() {
      return this == LORA || this == QLORA;
    }

    /** Whether virtual tokens are trained. */
    boolean isSoftPrompt() {
      return this == PROMPT_TUNING || this == PREFIX_TUNING;
    }

    /** Whether every token is learnt whatever the examples say. */
    boolean learnsAllTokens() {
      return this == PRETRAIN || this == CONTINUED;
    }
  }

  /** Name for a table, with the size where there is one. */
  public String label() {
    if (kind.hasAdapter()) {
      return kind.label + " r=" + size;
    }
    return kind.isSoftPrompt() ? kind.label + " p=" + size : kind.label;
  }

  /** Whether Graft has no such method, so that the row can't be held against a run. */
  public boolean isPrediction() {
    return kind.predicted;
  }

  /** Number of trained elements. */
  long trainable(DecoderSpec spec, TargetModules targets) {
    return switch (kind) {
      case PRETRAIN, CONTINUED, FULL -> ModelShapes.of(spec).total();
      case LORA, QLORA -> size * ModelShapes.adapted(spec, targets).perRank();
      case PROMPT_TUNING -> (long) size * spec.hidden();
      case PREFIX_TUNING -> 2L * size * spec.layers() * spec.keyWidth();
      case PROMPTING -> 0;
    };
  }

  /** What of the layers is trained; nothing where the prompt is. */
  TrainingMemory.Trained trained(DecoderSpec spec, TargetModules targets) {
    return switch (kind) {
      case PRETRAIN, CONTINUED, FULL -> TrainingMemory.Trained.ALL;
      case LORA, QLORA -> new TrainingMemory.Trained(ModelShapes.ranks(spec, targets, size), false);
      case PROMPT_TUNING, PREFIX_TUNING, PROMPTING -> TrainingMemory.Trained.lora(0);
    };
  }

  /** How {@link #trainable} is counted. */
  String trainableFormula(DecoderSpec spec, TargetModules targets) {
    return switch (kind) {
      case PRETRAIN, CONTINUED, FULL -> {
        ModelShapes shapes = ModelShapes.of(spec);
        yield "embedding "
            + shapes.embedding()
            + " + head "
            + shapes.head()
            + " + attention "
            + shapes.attention()
            + " + mlp "
            + shapes.mlp()
            + " + norms "
            + shapes.norms();
      }
      case LORA, QLORA ->
          "r · Σ (in + out) over adapted modules = "
              + size
              + " · "
              + ModelShapes.adapted(spec, targets).perRank();
      case PROMPT_TUNING -> "p · d = " + size + " · " + spec.hidden();
      case PREFIX_TUNING ->
          "2 · p · layers · K·D = 2 · " + size + " · " + spec.layers() + " · " + spec.keyWidth();
      case PROMPTING -> "nothing is trained";
    };
  }
}
