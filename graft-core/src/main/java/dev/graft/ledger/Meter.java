package dev.graft.ledger;

import com.sun.management.OperatingSystemMXBean;
import dev.graft.engine.Work;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Measures one sitting of a run: products, wall clock, memory and energy of this process since it
 * was started. What other work the process does at the same time is in it.
 */
public final class Meter {
  private final Supplier<OptionalLong> peak;
  private final EnergyMeter energy;
  private final IntSupplier threads;
  private long mark = Work.mark();
  private long nanos = System.nanoTime();
  private Spent.Share flops = Spent.Share.NONE;
  private long processorNanos = processorNanos();
  private Spent.Time seconds = Spent.Time.NONE;

  private Meter(IntSupplier threads, Supplier<OptionalLong> peak, EnergyMeter energy) {
    this.threads = threads;
    this.peak = peak;
    this.energy = energy;
  }

  /**
   * Starts a sitting.
   *
   * @param threads that operations may use; asked for when it is needed, since asking loads the
   *     libraries
   * @param peak the most memory that the process has held, in bytes
   */
  public static Meter start(IntSupplier threads, Supplier<OptionalLong> peak) {
    return new Meter(threads, peak, EnergyMeter.start());
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
    long processor = processorNanos();
    double had = Math.max(0, processor - processorNanos) / 1e9;
    processorNanos = processor;
    seconds = seconds.plus(new Spent.Time(passed, evaluation ? passed : 0, had));
    energy.tick(had);
  }

  /** Of all threads of this process; 0 where the system does not tell. */
  private static long processorNanos() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? Math.max(0, system.getProcessCpuTime())
        : 0;
  }

  int threads() {
    return threads.getAsInt();
  }

  /** As of the last {@link #tick}, without data. */
  Spent spent() {
    return new Spent(
        1, Spent.Data.NONE, flops, seconds, peak.get().orElse(0), energy.energy(), Spent.Lost.NONE);
  }
}
