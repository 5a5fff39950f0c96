package dev.graft.ledger;

import java.time.Instant;
import java.util.List;

/** Ledgers for tests. */
final class Ledgers {
  static final LedgerEntry.Setting SETTING =
      new LedgerEntry.Setting(
          Instant.parse("2030-01-31T12:00:00Z"),
          Instant.parse("2030-01-31T13:00:00Z"),
          "1.2.3",
          "Processor X",
          4);

  private Ledgers() {}

  static LedgerEntry.Run run(String id, double flops, String... parents) {
    Spent spent =
        new Spent(
            2,
            new Spent.Data(20, 80, 5120, 4000),
            new Spent.Share(flops, flops / 8),
            new Spent.Time(200, 20.5, 350),
            3L << 29,
            new Energy(30, 4000),
            new Spent.Lost(3, 300, 1e9, 2.5));
    return new LedgerEntry.Run(id, "sft", "lora", "models/" + id, List.of(parents), SETTING, spent);
  }

  /** Two runs behind a model whose cost is not known. */
  static Ledger chain() {
    return Ledger.EMPTY
        .plus(new LedgerEntry.Unknown("u", "owner/base"))
        .plus(run("a", 7e15, "u"))
        .plus(run("b", 7e12, "a"));
  }
}
