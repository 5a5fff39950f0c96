package dev.graft.ledger;

/**
 * Energy in joules, by where the figure comes from.
 *
 * @param measured by the processor's own counters (RAPL): processor packages and memory, whoever
 *     used them
 * @param estimated where there are none: {@link EnergyMeter#WATTS_PER_PROCESSOR} for the time that
 *     the process had processors
 */
public record Energy(double measured, double estimated) {
  /** Nothing yet. */
  public static final Energy NONE = new Energy(0, 0);

  /** Both together. */
  public double joules() {
    return measured + estimated;
  }

  /**
   * {@code rapl}, {@code estimate}, or {@code mixed} where it is in part one, in part the other.
   */
  public String source() {
    return estimated == 0 && measured > 0 ? "rapl" : measured == 0 ? "estimate" : "mixed";
  }

  Energy plus(Energy other) {
    return new Energy(measured + other.measured, estimated + other.estimated);
  }
}
