package dev.graft.bench.plan;

import dev.graft.plan.Technique;
import java.util.ArrayList;
import java.util.List;

/**
 * One setting of training.
 *
 * @param rank of LoRA; 0 where all weights are trained
 * @param length tokens of every example
 * @param checkpointing whether activations are computed anew
 */
record PlanCase(int rank, int length, boolean checkpointing) {
  /** What one plan has rows of: all weights, and each rank. */
  static List<PlanCase> of(List<Integer> ranks, int length, boolean checkpointing) {
    List<PlanCase> cases = new ArrayList<>();
    cases.add(new PlanCase(0, length, checkpointing));
    ranks.forEach(rank -> cases.add(new PlanCase(rank, length, checkpointing)));
    return cases;
  }

  Technique technique() {
    return rank == 0
        ? new Technique(Technique.Kind.FULL, 0)
        : new Technique(Technique.Kind.LORA, rank);
  }
}
