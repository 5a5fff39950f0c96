package dev.graft.engine;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Workers help each other: one that has done its task takes {@link Parts} of what the others are
 * working on. Tasks are never of the same length, and processors not always of the same speed.
 */
final class Helpers {
  private static final ThreadLocal<@Nullable Place> HERE = new ThreadLocal<>();

  /** What each worker offers at present. */
  private final AtomicReferenceArray<@Nullable Parts> offers;

  private record Place(Helpers helpers, int worker) {}

  Helpers(int workers) {
    this.offers = new AtomicReferenceArray<>(workers);
  }

  /** Makes this thread the one of a worker. */
  void join(int worker) {
    HERE.set(new Place(this, worker));
  }

  /** Offers work of this thread, or none any longer; false where nobody could take it. */
  static boolean offer(@Nullable Parts parts) {
    Place here = HERE.get();
    if (here != null) {
      here.helpers.offers.set(here.worker, parts);
    }
    return here != null;
  }

  /** Takes parts of what is offered until it is time to end; nothing is, without tiles. */
  void help(BooleanSupplier ends) {
    int spins = 0;
    while (Tiles.isUsed() && !ends.getAsBoolean()) {
      spins = takeOne() ? 0 : spins + 1;
      Team.pause(spins);
    }
  }

  private boolean takeOne() {
    for (int i = 0; i < offers.length(); i++) {
      Parts parts = offers.get(i);
      if (parts != null && parts.take()) {
        return true;
      }
    }
    return false;
  }
}
