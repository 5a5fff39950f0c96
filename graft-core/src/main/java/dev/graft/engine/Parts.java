package dev.graft.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Work with the processor's tiles that is divided into parts, each of which can be done on any
 * thread; see {@link Helpers}.
 */
final class Parts {
  private final int count;
  private final Supplier<IntConsumer> worker;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger active = new AtomicInteger();
  private volatile @Nullable Throwable failure;

  private Parts(int count, Supplier<IntConsumer> worker) {
    this.count = count;
    this.worker = worker;
  }

  /**
   * Does all parts, with the help of workers that wait for this one, or outside of workers on all
   * threads that operations may use.
   *
   * @param worker called on each thread that takes parts, in a scope that closes behind the last of
   *     them; gives what does a part
   */
  static void run(int count, Supplier<IntConsumer> worker) {
    Parts parts = new Parts(count, worker);
    if (count == 1) {
      parts.take();
    } else if (Helpers.offer(parts)) {
      parts.take();
      // Also behind a failure: others may be at work on memory that is then given back.
      for (int spins = 0; parts.active.get() > 0; spins++) {
        Team.pause(spins);
      }
      Helpers.offer(null);
    } else {
      Crew.run(parts);
    }
    Throwable thrown = parts.failure;
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown != null) {
      throw (RuntimeException) thrown;
    }
  }

  /** Does parts until none is left; false where none was. */
  boolean take() {
    active.incrementAndGet();
    try {
      int part = claim();
      if (part == count) {
        return false;
      }
      try (Scope scope = Scope.open()) {
        IntConsumer own = worker.get();
        for (; part < count; part = claim()) {
          own.accept(part);
        }
      } finally {
        Tiles.release();
      }
    } catch (RuntimeException | Error e) {
      failure = e;
    } finally {
      active.decrementAndGet();
    }
    return true;
  }

  /** The next part; {@code count} where there is none. */
  private int claim() {
    if (failure != null || next.get() >= count) {
      return count;
    }
    return Math.min(count, next.getAndIncrement());
  }
}
