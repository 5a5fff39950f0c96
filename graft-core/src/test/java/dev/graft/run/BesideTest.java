package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BesideTest {
  private final AtomicInteger closed = new AtomicInteger();

  private AutoCloseable made() {
    return closed::incrementAndGet;
  }

  @Test
  void take_handsOverWhatWasMade_andLeavesClosingToTheCaller() throws Exception {
    AutoCloseable taken;
    try (Beside<AutoCloseable> beside = Beside.begin("test-beside", this::made)) {
      taken = beside.take();
    }
    assertThat(closed).hasValue(0);
    taken.close();
    assertThat(closed).hasValue(1);
  }

  @Test
  void close_whatNobodyTook_waitsForItAndClosesIt() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    assertThatThrownBy(
            () -> {
              try (Beside<AutoCloseable> beside =
                  Beside.begin(
                      "test-beside",
                      () -> {
                        go.await();
                        return made();
                      })) {
                go.countDown();
                throw new InputException("data.jsonl: line 3 is no JSON");
              }
            })
        .isInstanceOf(InputException.class)
        .hasMessage("data.jsonl: line 3 is no JSON");
    assertThat(closed).hasValue(1);
  }

  @Test
  void take_whatCouldNotBeMade_throwsWhatMakingItThrew() {
    assertThatThrownBy(
            () -> {
              try (Beside<AutoCloseable> beside =
                  Beside.begin(
                      "test-beside",
                      () -> {
                        throw new InputException("model.safetensors: is cut short");
                      })) {
                beside.take();
              }
            })
        .isInstanceOf(InputException.class)
        .hasMessage("model.safetensors: is cut short");
  }

  @Test
  void take_interruptedMeanwhile_waitsAndKeepsTheInterrupt() throws Exception {
    try (Beside<AutoCloseable> beside =
        Beside.begin(
            "test-beside",
            () -> {
              Thread.sleep(100);
              return made();
            })) {
      Thread.currentThread().interrupt();
      AutoCloseable taken = beside.take();
      assertThat(Thread.interrupted()).isTrue();
      taken.close();
    }
    assertThat(closed).hasValue(1);
  }
}
