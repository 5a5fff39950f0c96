package dev.graft.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * What is asked of a plan.
 *
 * @param step settings of a step; its technique is replaced by each of {@code techniques}
 * @param scale how often steps are made, and on how many devices
 * @param techniques rows of the table, in order
 * @param machines what time, energy and price are computed for
 * @param wish limits and budgets
 */
public record PlanSettings(
    StepShape step, Scale scale, List<Technique> techniques, List<Machine> machines, Wish wish) {
  /**
   * How often and on what steps are made.
   *
   * @param epochs passes over the data
   * @param devices that work in parallel on examples of their own
   * @param sharding what these devices divide among themselves
   */
  public record Scale(double epochs, int devices, MemoryParts.Sharding sharding) {}

  /**
   * Limits and budgets.
   *
   * @param memory limit in bytes of one device; 0 for none
   * @param fit whether settings that fit the memory are looked for
   * @param flops operations that the scaling laws divide between size and data; 0 for those of
   *     pre-training on the user's tokens
   */
  public record Wish(long memory, boolean fit, double flops) {}

  /** The usual rows. */
  public static List<Technique> techniques(List<Integer> ranks, int virtualTokens) {
    List<Technique> rows = new ArrayList<>();
    rows.add(new Technique(Technique.Kind.PRETRAIN, 0));
    rows.add(new Technique(Technique.Kind.CONTINUED, 0));
    rows.add(new Technique(Technique.Kind.FULL, 0));
    ranks.forEach(rank -> rows.add(new Technique(Technique.Kind.LORA, rank)));
    ranks.forEach(rank -> rows.add(new Technique(Technique.Kind.QLORA, rank)));
    rows.add(new Technique(Technique.Kind.PROMPT_TUNING, virtualTokens));
    rows.add(new Technique(Technique.Kind.PREFIX_TUNING, virtualTokens));
    rows.add(new Technique(Technique.Kind.PROMPTING, 0));
    return rows;
  }
}
