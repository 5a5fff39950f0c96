package dev.graft.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.InputException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Feeds mutations to a reader, which must take each or refuse it by {@link InputException} in one
 * line, soon and without much memory. {@code -Dgraft.mutations=N} sets how many.
 */
public final class MutationRun {
  private static final int COUNT = Integer.getInteger("graft.mutations", 2000);
  private static final long MAX_BYTES = 64L << 20;
  private static final Duration MAX_TIME = Duration.ofSeconds(20);

  private MutationRun() {}

  /** What reads one input. */
  @FunctionalInterface
  public interface Reader {
    void read(byte[] input) throws Exception;
  }

  /**
   * Runs all mutations.
   *
   * @param mutation gives an input from a random generator of its own, seeded by its number
   */
  public static void run(Function<RandomGenerator, byte[]> mutation, Reader reader) {
    run(COUNT, mutation, reader);
  }

  /** Runs this many mutations, where each takes long. */
  public static void run(int count, Function<RandomGenerator, byte[]> mutation, Reader reader) {
    int refused = 0;
    for (int number = 0; number < count; number++) {
      // java.util.Random would not do: its first numbers hardly differ between small seeds.
      byte[] input = mutation.apply(new SplittableRandom(number));
      refused += isRefused(number, input, reader) ? 1 : 0;
    }
    // Neither a reader that takes everything nor mutations that break everything test much.
    assertThat(refused).isBetween(count / 20, count - count / 100);
  }

  private static boolean isRefused(int number, byte[] input, Reader reader) {
    long bytes = allocated();
    long start = System.nanoTime();
    boolean refused = false;
    try {
      reader.read(input);
    } catch (InputException e) {
      refused = true;
      assertThat(e.getMessage()).as("message of mutation %d", number).contains(": ");
      assertThat(e.getMessage().lines().count()).as("lines of mutation %d", number).isEqualTo(1);
    } catch (Exception | StackOverflowError | OutOfMemoryError | InternalError e) {
      throw new AssertionError("mutation " + number + " is not refused properly", e);
    }
    assertThat(allocated() - bytes).as("bytes of mutation %d", number).isLessThan(MAX_BYTES);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .as("time of mutation %d", number)
        .isLessThan(MAX_TIME);
    return refused;
  }

  /**
   * Bytes this thread has allocated on the heap so far. By reflection, because the module under
   * test does not read the management modules.
   */
  private static long allocated() {
    try {
      Object threads =
          Class.forName("java.lang.management.ManagementFactory")
              .getMethod("getThreadMXBean")
              .invoke(null);
      Method allocated =
          Class.forName("com.sun.management.ThreadMXBean")
              .getMethod("getCurrentThreadAllocatedBytes");
      return (long) allocated.invoke(threads);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("this Java machine does not count allocations", e);
    }
  }
}
