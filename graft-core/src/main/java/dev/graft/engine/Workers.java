package dev.graft.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Threads that run independent passes side by side, sharing the processors between them.
 *
 * <p>On processors this is faster than one pass whose every operation is divided: nothing waits at
 * the end of each operation, what is too small to be divided runs beside other work, and each
 * thread's data stays in its own caches. A worker that has nothing left to do helps the others with
 * what they have divided into {@link Parts}. With one worker, tasks run on the calling thread with
 * all the threads that operations may use.
 */
public final class Workers implements AutoCloseable {
  private final int count;
  private final int threads;
  private final ExecutorService executor;
  private final Helpers helpers;

  private Workers(int count, int threads) {
    this.count = count;
    this.threads = threads;
    this.helpers = new Helpers(count);
    this.executor =
        Executors.newFixedThreadPool(
            count, Thread.ofPlatform().daemon().name("graft-worker-", 0).factory());
  }

  /** At most {@code most} workers; no more than operations may use threads. */
  public static Workers open(int most) {
    int threads = Engine.threads();
    int count = Math.clamp(most, 1, threads);
    Workers workers = new Workers(count, threads);
    if (count > 1) {
      workers.shareProcessors(threads / count);
    }
    return workers;
  }

  private void shareProcessors(int each) {
    CyclicBarrier everyThread = new CyclicBarrier(count);
    AtomicInteger number = new AtomicInteger();
    Callable<Integer> setting =
        () -> {
          Engine.setThreadsHere(each);
          helpers.join(number.getAndIncrement());
          return everyThread.await();
        };
    run(Collections.nCopies(count, setting));
  }

  public int count() {
    return count;
  }

  /** Runs all tasks and returns their results in order; fails as the first task that failed. */
  public <T> List<T> run(List<? extends Callable<T>> tasks) {
    // The float32 products' library has one setting for all threads.
    openblas_nolapack.blas_set_num_threads(threads / count);
    try {
      List<T> results = new ArrayList<>();
      if (count == 1) {
        for (Callable<T> task : tasks) {
          results.add(task.call());
        }
        return results;
      }
      // All have ended when this returns, so nothing goes on behind a failure.
      for (Future<T> future : runSideBySide(tasks)) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw unchecked(e.getCause() == null ? e : e.getCause());
    } catch (Exception e) {
      throw unchecked(e);
    } finally {
      openblas_nolapack.blas_set_num_threads(threads);
    }
  }

  private <T> List<FutureTask<T>> runSideBySide(List<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    List<FutureTask<T>> futures = new ArrayList<>();
    for (Callable<T> task : tasks) {
      futures.add(new FutureTask<>(task));
    }
    AtomicInteger next = new AtomicInteger();
    AtomicInteger open = new AtomicInteger(futures.size());
    Callable<Integer> worker =
        () -> {
          int task = next.getAndIncrement();
          for (; task < futures.size(); task = next.getAndIncrement()) {
            futures.get(task).run();
            open.decrementAndGet();
          }
          helpers.help(() -> open.get() == 0);
          return task;
        };
    for (Future<Integer> ended : executor.invokeAll(Collections.nCopies(count, worker))) {
      ended.get();
    }
    return futures;
  }

  private static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof RuntimeException runtime) {
      return runtime;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return new IllegalStateException(failure);
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
