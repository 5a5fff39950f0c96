package dev.graft.plan;

import java.util.Optional;

/**
 * What a plan's time, energy and price are computed for.
 *
 * @param name of the device
 * @param flopsPerSecond that a step is expected to reach; of no meaning where there is a pace
 * @param pace what was measured here; empty for others
 * @param threads most passes side by side
 * @param rate how that comes about, in words
 * @param watts drawn meanwhile
 * @param power how that is known, in words
 * @param memory in bytes; the largest long where it is not known
 * @param pricePerHour of one such device; NaN where none is given
 * @param source where the figures come from
 */
public record Machine(
    String name,
    double flopsPerSecond,
    Optional<Pace> pace,
    int threads,
    String rate,
    double watts,
    String power,
    long memory,
    double pricePerHour,
    String source) {
  /**
   * An accelerator.
   *
   * @param utilization share of the peak rate that a step reaches, from 0 to 1
   */
  public static Machine of(Accelerator accelerator, double utilization, double pricePerHour) {
    return new Machine(
        accelerator.name(),
        accelerator.teraflops() * 1e12 * utilization,
        Optional.empty(),
        1,
        Figures.significant(accelerator.teraflops())
            + " TFLOP/s "
            + accelerator.type()
            + " · utilization "
            + utilization,
        accelerator.watts(),
        "power limit",
        (long) (accelerator.gigabytes() * 1e9),
        pricePerHour,
        accelerator.source());
  }
}
