package dev.graft.run;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Something that is made on a thread of its own while other work goes on.
 *
 * @param <T> what is made; closed where nobody takes it
 */
final class Beside<T extends AutoCloseable> implements AutoCloseable {
  private final FutureTask<T> task;
  private boolean taken;

  private Beside(FutureTask<T> task) {
    this.task = task;
  }

  /** Begins to make it. */
  static <T extends AutoCloseable> Beside<T> begin(String name, Callable<T> maker) {
    FutureTask<T> task = new FutureTask<>(maker);
    Thread.ofPlatform().daemon().name(name).start(task);
    return new Beside<>(task);
  }

  /** Waits for it; from now on the caller closes it. Throws what making it threw. */
  T take() {
    taken = true;
    return result();
  }

  private T result() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true; // its memory may not be left in use
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    if (taken) {
      return;
    }
    T made;
    try {
      made = result();
    } catch (RuntimeException | Error e) {
      return; // something else went wrong first, and that is what the user is told
    }
    try {
      made.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
