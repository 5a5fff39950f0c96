package dev.graft.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share one computation of many short steps, with a barrier between steps that costs
 * less than a microsecond: waiting threads spin, and only between computations they sleep.
 */
public final class Team implements AutoCloseable {
  private static final int SPINS = 4096;

  /** One member's part of a computation. */
  @FunctionalInterface
  public interface Task {
    /**
     * Does the part.
     *
     * @param member 0 to size − 1; 0 is the calling thread
     */
    void run(int member);
  }

  private final int size;
  private final List<Thread> helpers = new ArrayList<>();
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicInteger phase = new AtomicInteger();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private volatile @Nullable Task task;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  private Team(int size) {
    this.size = size;
  }

  /** A team of as many threads as operations may use. */
  public static Team open() {
    Team team = new Team(Engine.threads());
    for (int i = 1; i < team.size; i++) {
      int member = i;
      team.helpers.add(
          Thread.ofPlatform().daemon().name("graft-team-" + i).start(() -> team.help(member)));
    }
    return team;
  }

  /** Number of members. */
  public int size() {
    return size;
  }

  /** Runs the task on all members and returns when all are done; fails as the first that failed. */
  public void run(Task work) {
    failure = null;
    arrived.set(0);
    ended.set(0);
    task = work;
    begun.incrementAndGet();
    helpers.forEach(LockSupport::unpark);
    attempt(work, 0);
    for (int spins = 0; ended.get() < size; spins++) {
      pause(spins);
    }
    Throwable thrown = failure;
    if (thrown != null) {
      throw new IllegalStateException(thrown);
    }
  }

  private void attempt(Task work, int member) {
    try {
      work.run(member);
    } catch (RuntimeException | Error e) {
      if (failure == null) {
        failure = e;
      }
    }
    ended.incrementAndGet();
  }

  private void help(int member) {
    int seen = 0;
    while (true) {
      for (int spins = 0; begun.get() == seen && !closed; spins++) {
        if (spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      if (closed) {
        return;
      }
      seen = begun.get();
      Task work = task;
      if (work != null) {
        attempt(work, member);
      }
    }
  }

  /** Waits, within a task, until every member has come to this place. */
  public void await() {
    int now = phase.get();
    if (arrived.incrementAndGet() == size) {
      arrived.set(0);
      phase.set(now + 1);
      return;
    }
    for (int spins = 0; phase.get() == now; spins++) {
      if (failure != null) {
        throw new IllegalStateException("another member failed");
      }
      pause(spins);
    }
  }

  /** Spins; after a while others may have the processor, perhaps those that are waited for. */
  @SuppressWarnings("ThreadPriorityCheck") // only to be polite
  static void pause(int spins) {
    if (spins < SPINS) {
      Thread.onSpinWait();
    } else {
      Thread.yield();
    }
  }

  @Override
  public void close() {
    closed = true;
    helpers.forEach(LockSupport::unpark);
  }
}
