package dev.graft.ledger;

import dev.graft.engine.Work;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Measures one sitting of a run: products, wall clock, memory and energy of this process since it
 * was started. What other work the process does at the same time is in it.
 */
public final class Meter {
  private final Supplier<OptionalLong> peak;
  private final EnergyMeter energy;
  private final int threads;
  private long mark = Work.mark();
  private long nanos = System.nanoTime();
  private Spent.Share flops = Spent.Share.NONE;
  private Spent.Share seconds = Spent.Share.NONE;

  private Meter(int threads, Supplier<OptionalLong> peak, EnergyMeter energy) {
    this.threads = threads;
    this.peak = peak;
    this.energy = energy;
  }

  /**
   * Starts a sitting.
   *
   * @param threads that operations may use, for an estimate of energy
   * @param peak the most memory that the process has held, in bytes
   */
  public static Meter start(int threads, Supplier<OptionalLong> peak) {
    return new Meter(threads, peak, EnergyMeter.start(threads));
  }

  /**
   * Brings the figures up to date.
   *
   * @param evaluation whether what was done since the last time was an evaluation
   */
  void tick(boolean evaluation) {
    long reached = Work.mark();
    double made = Work.flops(mark, reached);
    mark = reached;
    long now = System.nanoTime();
    double passed = (now - nanos) / 1e9;
    nanos = now;
    flops = flops.plus(new Spent.Share(made, evaluation ? made : 0));
    seconds = seconds.plus(new Spent.Share(passed, evaluation ? passed : 0));
    energy.tick(passed);
  }

  int threads() {
    return threads;
  }

  /** As of the last {@link #tick}, without data. */
  Spent spent() {
    return new Spent(
        1, Spent.Data.NONE, flops, seconds, peak.get().orElse(0), energy.energy(), Spent.Lost.NONE);
  }
}
