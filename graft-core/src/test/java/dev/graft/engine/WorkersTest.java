package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TwoThreads.class)
class WorkersTest {
  @Test
  void run_severalTasks_resultsInOrderAndSideBySide() {
    try (Workers workers = Workers.open(8)) {
      assertThat(workers.count()).isEqualTo(2);
      CountDownLatch both = new CountDownLatch(2);
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        int number = i;
        tasks.add(() -> {
          both.countDown();
          return both.await(20, TimeUnit.SECONDS) ? number : -1;
        });
      }
      assertThat(workers.run(tasks)).containsExactly(0, 1);
    }
  }

  @Test
  void run_operationsOfWorkers_haveTheirShareOfThreads() {
    try (Workers workers = Workers.open(2)) {
      Callable<Integer> threads = Engine::threads;
      assertThat(workers.run(List.of(threads, threads))).containsExactly(1, 1);
    }
    assertThat(Engine.threads()).isEqualTo(2);
  }

  @Test
  void open_threadsThatBeginLater_haveAllOfThem() throws Exception {
    for (int i = 0; i < 200; i++) {
      Workers.open(2).close();
      FutureTask<Integer> later = new FutureTask<>(Engine::threads);
      Thread.ofPlatform().start(later);
      assertThat(later.get()).isEqualTo(2);
    }
  }

  @Test
  void run_taskFails_othersEndFirst() {
    AtomicInteger ended = new AtomicInteger();
    List<Callable<Integer>> tasks = new ArrayList<>();
    tasks.add(() -> {
      throw new IllegalArgumentException("first");
    });
    for (int i = 0; i < 5; i++) {
      tasks.add(ended::incrementAndGet);
    }
    try (Workers workers = Workers.open(2)) {
      assertThatThrownBy(() -> workers.run(tasks))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("first");
    }
    assertThat(ended).hasValue(5);
  }

  @Test
  void run_oneWorker_usesTheCallersThread() {
    try (Workers workers = Workers.open(1)) {
      Callable<Thread> thread = Thread::currentThread;
      assertThat(workers.run(List.of(thread))).containsExactly(Thread.currentThread());
    }
  }
}
