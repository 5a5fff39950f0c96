package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TwoThreads.class)
class PartsTest {
  private static Callable<Integer> nothing() {
    return () -> 0;
  }

  @Test
  void workerThatWaits_takesPartsOfTheOthers() {
    TileTests.needTiles();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    AtomicIntegerArray times = new AtomicIntegerArray(100);
    CountDownLatch both = new CountDownLatch(2);
    Callable<Integer> task =
        () -> {
          Parts.run(
              times.length(),
              () -> {
                both.countDown(); // no part is done before two threads have come
                await(both);
                return part -> {
                  threads.add(Thread.currentThread());
                  times.incrementAndGet(part);
                };
              });
          return 1;
        };
    try (Workers workers = Workers.open(2)) {
      assertThat(workers.run(List.of(nothing(), task))).containsExactly(0, 1);
    }
    assertThat(threads).hasSize(2);
    for (int i = 0; i < times.length(); i++) {
      assertThat(times.get(i)).isEqualTo(1);
    }
  }

  @Test
  void partOfTheHelperFails_theTaskDoes() {
    TileTests.needTiles();
    CountDownLatch both = new CountDownLatch(2);
    AtomicInteger active = new AtomicInteger();
    Callable<Integer> task =
        () -> {
          Thread own = Thread.currentThread();
          Parts.run(
              1000,
              () -> {
                both.countDown();
                await(both);
                return part -> {
                  active.incrementAndGet();
                  try {
                    if (Thread.currentThread() != own) {
                      throw new IllegalArgumentException("helper");
                    }
                    Thread.sleep(1);
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  } finally {
                    active.decrementAndGet();
                  }
                };
              });
          return 1;
        };
    try (Workers workers = Workers.open(2)) {
      assertThatThrownBy(() -> workers.run(List.of(task, nothing())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("helper");
      assertThat(active).hasValue(0);
      assertThat(workers.run(List.of(nothing()))).containsExactly(0);
    }
  }

  @Test
  void ownPartFails_helpersHaveEndedWhenItIsThrown() {
    TileTests.needTiles();
    CountDownLatch both = new CountDownLatch(2);
    AtomicInteger active = new AtomicInteger();
    AtomicInteger seen = new AtomicInteger(-1);
    Callable<Integer> task =
        () -> {
          Thread own = Thread.currentThread();
          try {
            Parts.run(
                2,
                () -> {
                  both.countDown();
                  await(both);
                  return part -> {
                    if (Thread.currentThread() == own) {
                      throw new IllegalArgumentException("own");
                    }
                    active.incrementAndGet();
                    pause();
                    active.decrementAndGet();
                  };
                });
          } finally {
            seen.set(active.get());
          }
          return 1;
        };
    try (Workers workers = Workers.open(2)) {
      assertThatThrownBy(() -> workers.run(List.of(task, nothing()))).hasMessage("own");
      assertThat(seen).hasValue(0);
    }
  }

  @Test
  void outsideOfWorkers_allThreadsThatOperationsMayUse() {
    for (int threads = 1; threads <= 2; threads++) {
      Engine.setThreads(threads);
      Set<Thread> seen = ConcurrentHashMap.newKeySet();
      AtomicIntegerArray times = new AtomicIntegerArray(7);
      CountDownLatch all = new CountDownLatch(threads);
      Parts.run(
          times.length(),
          () -> {
            all.countDown();
            await(all);
            return part -> {
              seen.add(Thread.currentThread());
              times.incrementAndGet(part);
              pause();
            };
          });
      assertThat(seen).hasSize(threads).contains(Thread.currentThread());
      assertThat(times.toString()).isEqualTo("[1, 1, 1, 1, 1, 1, 1]");
    }
  }

  @Test
  void outsideOfWorkers_partFails_isThrown() {
    for (int round = 0; round < 3; round++) { // nothing is left behind
      assertThatThrownBy(() ->
              Parts.run(
                  5,
                  () ->
                      part -> {
                        throw new IllegalArgumentException("part");
                      }))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody helped");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
