package dev.graft.plan;

import dev.graft.adapter.TargetModules;
import dev.graft.config.LearningRateRule;
import dev.graft.model.DecoderSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * A rule of thumb applied to a plan.
 *
 * @param topic what it is about
 * @param advice what to do
 * @param source who found it
 */
public record Advice(String topic, String advice, String source) {
  private static final String REGRET =
      "Schulman and Thinking Machines Lab, LoRA Without Regret (2025)";

  /** What a weight can store and a token holds, in bits. */
  private static final double BITS_PER_WEIGHT = 2;

  private static final double BITS_PER_TOKEN = 1;
  private static final int LARGEST_RANK = 1024;

  /** The rules for this model and these tokens. */
  static List<Advice> of(DecoderSpec spec, TargetModules targets, TokenLoad load, double epochs) {
    List<Advice> advice = new ArrayList<>(learningRates(spec));
    advice.add(rank(spec, targets, load.learnt()));
    advice.add(
        new Advice(
            "LoRA modules",
            "all linear layers; attention alone does worse at the same number of weights",
            REGRET));
    advice.add(
        new Advice(
            "LoRA batch",
            "keep it small: LoRA loses more than full fine-tuning from large batches",
            REGRET));
    if (epochs > 4) {
      advice.add(
          new Advice(
              "epochs",
              "more than 4 repeat text with little gain in pre-training",
              "Muennighoff et al. 2023, arXiv 2305.16264"));
    }
    return advice;
  }

  private static List<Advice> learningRates(DecoderSpec spec) {
    String family = spec.family();
    return List.of(
        new Advice(
            "LoRA learning rate",
            Figures.significant(LearningRateRule.lora(family, spec.hidden()))
                + ", the same at every rank; ten times that of full fine-tuning",
            REGRET),
        new Advice(
            "full learning rate",
            Figures.significant(LearningRateRule.full(family, spec.hidden())),
            REGRET),
        new Advice(
            "pre-training learning rate",
            Figures.significant(LearningRateRule.pretrain(spec.hidden()))
                + ", about inverse to the width",
            "after the table of Brown et al. 2020, arXiv 2005.14165"),
        new Advice(
            "continued pre-training",
            "warm the learning rate up again and mix in a few percent of the old kind of text",
            "Ibrahim et al. 2024, arXiv 2403.08763"),
        new Advice(
            "QLoRA learning rate",
            ModelShapes.of(spec).total() > 20_000_000_000L ? "1e-4" : "2e-4",
            "Dettmers et al. 2023, arXiv 2305.14314, table 9"),
        new Advice(
            "prompt tuning",
            "learning rate 0.3; close to full fine-tuning only from some 10B parameters",
            "Lester et al. 2021, arXiv 2104.08691"));
  }

  /** The least power of two whose adapter could store what the learnt tokens hold. */
  static int rankFor(long perRank, double learnt) {
    int rank = 1;
    while (rank < LARGEST_RANK && rank * perRank * BITS_PER_WEIGHT < learnt * BITS_PER_TOKEN) {
      rank *= 2;
    }
    return rank;
  }

  private static Advice rank(DecoderSpec spec, TargetModules targets, double learnt) {
    long perRank = ModelShapes.adapted(spec, targets).perRank();
    int rank = rankFor(perRank, learnt);
    boolean enough = rank * perRank * BITS_PER_WEIGHT >= learnt * BITS_PER_TOKEN;
    String text =
        enough
            ? "at least "
                + rank
                + " can store "
                + Figures.count(learnt)
                + " learnt tokens; a larger one does no harm"
            : "even "
                + rank
                + " stores less than "
                + Figures.count(learnt)
                + " learnt tokens hold: prefer full fine-tuning";
    return new Advice(
        "LoRA rank",
        text + " (2 bits a weight against 1 bit a token)",
        REGRET + "; Allen-Zhu and Li 2024, arXiv 2404.05405");
  }
}
