package dev.graft.ledger;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The runs that made an artifact, each behind those that it built on, the artifact's own run last.
 *
 * @param entries no two have the same id
 */
public record Ledger(List<LedgerEntry> entries) {
  /** Nothing was spent. */
  public static final Ledger EMPTY = new Ledger(List.of());

  public Ledger {
    entries = List.copyOf(entries);
    if (entries.stream().map(LedgerEntry::id).distinct().count() < entries.size()) {
      throw new IllegalArgumentException("an entry is there twice");
    }
  }

  /** This one and what the other has beyond it. */
  public Ledger plus(Ledger other) {
    Set<String> ids = new HashSet<>();
    List<LedgerEntry> all = new ArrayList<>();
    for (Ledger part : List.of(this, other)) {
      part.entries.stream().filter(entry -> ids.add(entry.id())).forEach(all::add);
    }
    return new Ledger(all);
  }

  /** This one with one more entry behind it. */
  public Ledger plus(LedgerEntry entry) {
    return plus(new Ledger(List.of(entry)));
  }

  /** The entry of what the ledger is about; empty where nothing was spent. */
  public Optional<LedgerEntry> last() {
    return entries.isEmpty() ? Optional.empty() : Optional.of(entries.getLast());
  }

  /** The run that the ledger is about; empty where there is none. */
  public Optional<LedgerEntry.Run> run() {
    return last().filter(LedgerEntry.Run.class::isInstance).map(LedgerEntry.Run.class::cast);
  }

  /** All but the last entry. */
  Ledger before() {
    return entries.isEmpty() ? EMPTY : new Ledger(entries.subList(0, entries.size() - 1));
  }

  /** The runs, without what is not known. */
  public List<LedgerEntry.Run> runs() {
    return entries.stream()
        .filter(LedgerEntry.Run.class::isInstance)
        .map(LedgerEntry.Run.class::cast)
        .toList();
  }

  /** Whether a part of the cost is not known, so that {@link #total} is the least it can be. */
  public boolean isIncomplete() {
    return runs().size() < entries.size();
  }

  /** What all runs spent together. */
  public Spent total() {
    return runs().stream().map(LedgerEntry.Run::spent).reduce(Spent.NOTHING, Spent::plus);
  }
}
