package dev.graft.ledger;

import java.time.Instant;
import java.util.List;

/** A part of what made an artifact. */
public sealed interface LedgerEntry {
  /** Tells entries apart, so that one that is reached by two ways counts once. */
  String id();

  /** The model it is about, as the user named it. */
  String model();

  /**
   * A run that kept a ledger.
   *
   * @param kind what it did: {@code pretrain}, {@code sft}
   * @param method what was trained: {@code full}, {@code lora}
   * @param model what it started from, as the user named it
   * @param parents ids of the entries that it built on
   * @param setting when, by which version, on what
   */
  record Run(
      String id,
      String kind,
      String method,
      String model,
      List<String> parents,
      Setting setting,
      Spent spent)
      implements LedgerEntry {
    public Run {
      parents = List.copyOf(parents);
    }
  }

  /**
   * The circumstances of a run, those of its last sitting where there were several.
   *
   * @param started begin of the first sitting
   * @param ended when the figures were last brought up to date
   * @param graft version of Graft
   * @param processor its name; empty where the system does not say
   * @param threads that one operation could use
   */
  record Setting(Instant started, Instant ended, String graft, String processor, int threads) {}

  /** Something that others made, or that was made without a ledger: what it cost is not known. */
  record Unknown(String id, String model) implements LedgerEntry {}
}
