package dev.graft.engine;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The threads that do {@link Parts} where no worker can help: as many as operations may use. They
 * belong to the process and sleep between.
 */
final class Crew {
  private static final ReentrantLock BUSY = new ReentrantLock();
  private static @Nullable Team team;

  private Crew() {}

  /** Does the parts; on the calling thread alone where others have the threads. */
  static void run(Parts parts) {
    if (Engine.threads() == 1 || BUSY.isHeldByCurrentThread() || !BUSY.tryLock()) {
      parts.take();
      return;
    }
    try {
      team().run(member -> parts.take());
    } finally {
      BUSY.unlock();
    }
  }

  private static Team team() {
    Team present = team;
    if (present == null || present.size() != Engine.threads()) {
      if (present != null) {
        present.close();
      }
      present = Team.open();
      team = present;
    }
    return present;
  }
}
