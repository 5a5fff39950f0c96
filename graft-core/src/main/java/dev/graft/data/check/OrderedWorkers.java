package dev.graft.data.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Does work on several threads and hands the results over in the order of what came in, on the
 * thread that adds. What waits is bounded: adding works off results once there are too many.
 */
final class OrderedWorkers<T, R> implements AutoCloseable {
  /** Items handed to a thread at once, so that handing over costs little. */
  private static final int BATCH = 32;

  private static final int BATCHES_PER_THREAD = 4;

  private final ExecutorService threads;
  private final Function<T, R> work;
  private final Consumer<R> results;
  private final int most;
  private final Deque<Future<List<R>>> waiting = new ArrayDeque<>();
  private List<T> batch = new ArrayList<>();

  OrderedWorkers(int threads, Function<T, R> work, Consumer<R> results) {
    this.threads =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "graft-data-check");
              thread.setDaemon(true);
              return thread;
            });
    this.work = work;
    this.results = results;
    this.most = threads * BATCHES_PER_THREAD;
  }

  /** Hands an item over. */
  void add(T item) {
    batch.add(item);
    if (batch.size() == BATCH) {
      submit();
    }
    while (waiting.size() > most) {
      takeOldest();
    }
  }

  /** Waits for all results. */
  void finish() {
    submit();
    while (!waiting.isEmpty()) {
      takeOldest();
    }
  }

  private void submit() {
    List<T> items = batch;
    batch = new ArrayList<>();
    waiting.add(
        threads.submit(() -> {
          List<R> done = new ArrayList<>(items.size());
          for (T item : items) {
            done.add(work.apply(item));
          }
          return done;
        }));
  }

  private void takeOldest() {
    try {
      waiting.remove().get().forEach(results);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
