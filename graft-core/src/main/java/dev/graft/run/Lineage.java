package dev.graft.run;

import dev.graft.InputException;
import dev.graft.config.Method;
import dev.graft.config.Objective;
import dev.graft.config.TrainOptions;
import dev.graft.ledger.Ledger;
import dev.graft.ledger.LedgerEntry;
import dev.graft.ledger.LedgerFile;
import dev.graft.ledger.Meter;
import dev.graft.ledger.RunLedger;
import dev.graft.train.log.DataHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The ledgers of what a run starts from: its base model and, where it goes on with one, adapter.
 */
final class Lineage {
  private static final int HASH = 16;

  private final TrainOptions options;
  private final BaseModel base;
  private final Optional<Ledger> ofBase;
  private final Optional<Ledger> ofAdapter;

  private Lineage(TrainOptions options, BaseModel base) {
    this.options = options;
    this.base = base;
    // A folder of GGUF files may hold several models, of which one ledger can't tell.
    this.ofBase =
        base.files().gguf().isPresent() ? Optional.empty() : LedgerFile.in(base.files().root());
    this.ofAdapter = options.adapter().flatMap(LedgerFile::in);
  }

  /**
   * Reads the ledgers, where there are some.
   *
   * @throws InputException where one is damaged; without it, that cost would count as unknown
   */
  static Lineage read(TrainOptions options, BaseModel base) {
    return new Lineage(options, base);
  }

  /**
   * The ledger of the run, at its beginning.
   *
   * @param fingerprint of the base model
   */
  RunLedger begin(Meter meter, String fingerprint) throws IOException {
    Ledger before =
        base.isNew() ? Ledger.EMPTY : ofBase.orElse(unknown("model-" + fingerprint, base.name()));
    if (options.adapter().isPresent()) {
      Path adapter = options.adapter().get();
      before =
          before.plus(
              ofAdapter.isPresent()
                  ? ofAdapter.get()
                  : unknown("adapter-" + hash(adapter), adapter.toString()));
    }
    RunLedger.Subject subject =
        new RunLedger.Subject(
            options.objective() == Objective.PRETRAIN ? "pretrain" : "sft",
            options.method() == Method.FULL ? "full" : "lora",
            base.name());
    return RunLedger.of(meter, subject, before);
  }

  private static Ledger unknown(String id, String model) {
    return Ledger.EMPTY.plus(new LedgerEntry.Unknown(id, model));
  }

  private static String hash(Path adapter) throws IOException {
    Path weights = adapter.resolve("adapter_model.safetensors");
    return DataHash.sha256(weights).substring(0, HASH);
  }

  /** The run's own ledger from an earlier sitting; empty where it can't be read. */
  static Optional<Ledger> ofEarlierSitting(Path folder, RunListener listener) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try {
      return LedgerFile.in(folder);
    } catch (InputException e) {
      // The checkpoint carries all that counts.
      listener.note(e.getMessage() + "; taking the checkpoint's");
      return Optional.empty();
    }
  }
}
