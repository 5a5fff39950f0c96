package dev.graft.ledger;

import dev.graft.Graft;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The ledger of a run as it goes: what it builds on, what its earlier sittings spent as the
 * checkpoint says, and this sitting's {@link Meter}.
 */
public final class RunLedger {
  private final Meter meter;
  private final Subject subject;
  private Ledger before;
  private String id = UUID.randomUUID().toString();
  private Instant started = now();
  private Spent earlier = Spent.NOTHING;
  private Spent.Data data = Spent.Data.NONE;

  /**
   * What a run is about.
   *
   * @param kind what it does: {@code pretrain}, {@code sft}
   * @param method what is trained: {@code full}, {@code lora}
   * @param model what it starts from, as the user named it
   */
  public record Subject(String kind, String method, String model) {}

  private RunLedger(Meter meter, Subject subject, Ledger before) {
    this.meter = meter;
    this.subject = subject;
    this.before = before;
  }

  /**
   * The ledger of a run at its beginning.
   *
   * @param meter of this sitting
   * @param before what made the model, and the adapter, that the run starts from
   */
  public static RunLedger of(Meter meter, Subject subject, Ledger before) {
    return new RunLedger(meter, subject, before);
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  /**
   * Goes on with the run whose folder holds this ledger, at its beginning: what it did is lost
   * unless a checkpoint tells of it, see {@link #resume}.
   */
  public synchronized void recall(Ledger written) {
    written
        .run()
        .ifPresent(run -> {
          continueAs(run);
          earlier =
              new Spent(
                  run.spent().sittings(),
                  Spent.Data.NONE,
                  Spent.Share.NONE,
                  Spent.Time.NONE,
                  0,
                  Energy.NONE,
                  run.spent().lost());
        });
  }

  private void continueAs(LedgerEntry.Run run) {
    id = run.id();
    started = run.setting().started();
  }

  /**
   * Goes on from a checkpoint.
   *
   * @param saved the ledger in it; empty where it was written without one
   * @param step the checkpoint's
   */
  public synchronized void resume(Optional<Ledger> saved, long step) {
    Optional<LedgerEntry.Run> own = saved.flatMap(Ledger::run);
    if (own.isPresent()) {
      LedgerEntry.Run run = own.get();
      Spent spent = run.spent();
      boolean recalled = run.id().equals(id);
      continueAs(run);
      before = saved.orElseThrow().before();
      // The folder's ledger is newer than the checkpoint's: it knows of kills in between.
      Spent.Lost lost =
          recalled && earlier.lost().steps() > spent.lost().steps() ? earlier.lost() : spent.lost();
      int sittings = recalled ? Math.max(spent.sittings(), earlier.sittings()) : spent.sittings();
      earlier =
          new Spent(
              sittings,
              spent.data(),
              spent.flops(),
              spent.seconds(),
              spent.peakBytes(),
              spent.energy(),
              lost);
    } else if (step > 0) {
      before =
          before.plus(
              new LedgerEntry.Unknown("steps-" + id, "the first " + step + " steps of this run"));
    }
  }

  /** Steps that an earlier sitting made, and that are made again. */
  public synchronized void lose(Spent.Lost lost) {
    earlier = earlier.plus(withLost(lost));
  }

  private static Spent withLost(Spent.Lost lost) {
    return new Spent(0, Spent.Data.NONE, Spent.Share.NONE, Spent.Time.NONE, 0, Energy.NONE, lost);
  }

  /** A finished optimizer step. */
  public synchronized void step(long examples, long tokens, long learntTokens) {
    data = data.plus(new Spent.Data(1, examples, tokens, learntTokens));
    meter.tick(false);
  }

  /** What was done since the last step or evaluation was an evaluation, or part of one. */
  public synchronized void evaluated() {
    meter.tick(true);
  }

  /** All that made the run's result, up to now. */
  public synchronized Ledger present() {
    meter.tick(false);
    Spent sitting = meter.spent();
    Spent own =
        earlier.plus(
            new Spent(
                sitting.sittings(),
                data,
                sitting.flops(),
                sitting.seconds(),
                sitting.peakBytes(),
                sitting.energy(),
                Spent.Lost.NONE));
    LedgerEntry.Setting setting =
        new LedgerEntry.Setting(started, now(), Graft.version(), Processor.name(), meter.threads());
    return before.plus(
        new LedgerEntry.Run(
            id, subject.kind(), subject.method(), subject.model(), parents(), setting, own));
  }

  /** Entries that no other builds on: the run builds on them, and through them on the rest. */
  private List<String> parents() {
    Set<String> within =
        before.runs().stream().flatMap(run -> run.parents().stream()).collect(Collectors.toSet());
    return before.entries().stream()
        .map(LedgerEntry::id)
        .filter(parent -> !within.contains(parent))
        .toList();
  }
}
