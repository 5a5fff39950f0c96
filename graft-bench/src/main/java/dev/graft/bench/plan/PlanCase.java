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
  /** All of them, those of one plan behind each other. */
  static List<PlanCase> all(List<Integer> ranks, List<Integer> lengths) {
    List<PlanCase> cases = new ArrayList<>();
    for (int length : lengths) {
      for (boolean checkpointing : new boolean[] {false, true}) {
        cases.add(new PlanCase(0, length, checkpointing));
        ranks.forEach(rank -> cases.add(new PlanCase(rank, length, checkpointing)));
      }
    }
    return cases;
  }

  Technique technique() {
    return rank == 0
        ? new Technique(Technique.Kind.FULL, 0)
        : new Technique(Technique.Kind.LORA, rank);
  }

  /** Whether one plan has the rows of both. */
  boolean sharesPlan(PlanCase other) {
    return length == other.length && checkpointing == other.checkpointing;
  }

  /** For names of files. */
  String name() {
    return (rank == 0 ? "full" : "lora" + rank) + "-" + length + (checkpointing ? "-again" : "");
  }
}
