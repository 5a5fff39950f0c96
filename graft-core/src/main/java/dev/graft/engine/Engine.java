package dev.graft.engine;

import java.util.concurrent.CompletableFuture;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/** Settings of the process as a whole. */
public final class Engine {
  private Engine() {}

  /** Begins to load the libraries beside other work; what needs them first waits for that. */
  public static void begin() {
    Thread.ofPlatform()
        .daemon()
        .name("graft-engine")
        .uncaughtExceptionHandler((thread, e) -> {}) // what needs them fails for the same reason
        .start(Native::load);
  }

  /**
   * Sets the number of threads that one operation may use; at most one per processor, for more only
   * wait for each other and can use up what the whole machine has of them.
   */
  public static void setThreads(int threads) {
    Native.load();
    int allowed = Math.clamp(threads, 1, Runtime.getRuntime().availableProcessors());
    torch.set_num_threads(allowed);
    // The matrix products' library has threads of its own, which wait for each other spinning: on a
    // machine that is busy, one thread too many makes them many times slower.
    openblas_nolapack.blas_set_num_threads(allowed);
  }

  /**
   * Sets the number of threads that one operation of the calling thread may use, and of no other.
   */
  public static synchronized void setThreadsHere(int threads) {
    Native.load();
    int others = torch.get_num_threads(); // asked first, or the thread would take theirs over later
    torch.set_num_threads(threads);
    // libtorch takes what any thread sets for what new threads begin with; one at a time, or
    // another would find that here and restore it.
    CompletableFuture.runAsync(() -> torch.set_num_threads(others), Engine::onNewThread).join();
  }

  private static void onNewThread(Runnable task) {
    Thread.ofPlatform().daemon().start(task);
  }

  /** Number of threads that one operation may use. */
  public static int threads() {
    Native.load();
    return torch.get_num_threads();
  }

  /** Whether a CUDA device can be used by these natives on this machine. */
  public static boolean hasCuda() {
    Native.load();
    return torch.cuda_is_available();
  }

  /** Version of libtorch and its JavaCPP presets. */
  public static String libtorchVersion() {
    try {
      return String.valueOf(Loader.getVersion("org.bytedeco", "pytorch"));
    } catch (java.io.IOException e) {
      return "unknown";
    }
  }
}
