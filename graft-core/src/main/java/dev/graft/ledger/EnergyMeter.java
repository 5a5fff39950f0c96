package dev.graft.ledger;

import java.nio.file.Path;
import java.util.OptionalDouble;

/** Energy since it was started: measured where the system lets it be read, else estimated. */
final class EnergyMeter {
  /**
   * What an estimate takes for each thread that computes, in watts. The design power of processors
   * of these years is 2 to 8 W for each of their hardware threads, memory not included.
   */
  static final double WATTS_PER_THREAD = 5;

  /** What an estimate is made of, in words. */
  static final String ESTIMATE =
      "threads x " + (int) WATTS_PER_THREAD + " W x seconds; the energy counters can't be read";

  private static final Path POWERCAP = Path.of("/sys/class/powercap");

  private final Rapl rapl;
  private final int threads;
  private Energy energy = Energy.NONE;

  EnergyMeter(Path powercap, int threads) {
    this.rapl = Rapl.open(powercap);
    this.threads = threads;
  }

  static EnergyMeter start(int threads) {
    return new EnergyMeter(POWERCAP, threads);
  }

  /** Adds what the last seconds took; to be called every few minutes at least. */
  void tick(double seconds) {
    OptionalDouble joules = rapl.joules();
    energy =
        energy.plus(
            joules.isPresent()
                ? new Energy(joules.getAsDouble(), 0)
                : new Energy(0, threads * WATTS_PER_THREAD * seconds));
  }

  Energy energy() {
    return energy;
  }
}
