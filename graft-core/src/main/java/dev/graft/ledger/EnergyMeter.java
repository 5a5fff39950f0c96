package dev.graft.ledger;

import java.nio.file.Path;
import java.util.OptionalDouble;

/** Energy since it was started: measured where the system lets it be read, else estimated. */
public final class EnergyMeter {
  /**
   * What an estimate takes for each processor that computes, in watts. The design power of
   * processors of these years is 2 to 8 W for each hardware thread, memory not included.
   */
  public static final double WATTS_PER_PROCESSOR = 5;

  /** What an estimate is made of, in words. */
  static final String ESTIMATE =
      "seconds of processors x "
          + (int) WATTS_PER_PROCESSOR
          + " W; the energy counters can't be read";

  private static final Path POWERCAP = Path.of("/sys/class/powercap");

  private final Rapl rapl;
  private Energy energy = Energy.NONE;

  EnergyMeter(Path powercap) {
    this.rapl = Rapl.open(powercap);
  }

  /** Starts to measure this machine. */
  public static EnergyMeter start() {
    return new EnergyMeter(POWERCAP);
  }

  /**
   * Adds what was taken since the last time; to be called every few minutes at least.
   *
   * @param processorSeconds that the process had processors since then
   */
  public void tick(double processorSeconds) {
    OptionalDouble joules = rapl.joules();
    energy =
        energy.plus(
            joules.isPresent()
                ? new Energy(joules.getAsDouble(), 0)
                : new Energy(0, WATTS_PER_PROCESSOR * processorSeconds));
  }

  /** So far. */
  public Energy energy() {
    return energy;
  }
}
