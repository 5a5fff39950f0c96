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
import java.nio.file.Path;
import java.util.Optional;

/**
 * The ledgers of what a run starts from: its base model and, where it goes on with one, adapter.
 */
final class Lineage {
  private static final int HASH = 16;

  /** Far more than any chain has, and so few that what is made of it can be read again. */
  private static final int MOST_ENTRIES = 1000;

  private final TrainOptions options;
  private final BaseModel base;
  private final Optional<Ledger> ofBase;
  private final Optional<Ledger> ofAdapter;

  private Lineage(TrainOptions options, BaseModel base, RunListener listener) {
    this.options = options;
    this.base = base;
    // A folder of GGUF files may hold several models, of which one ledger can't tell.
    this.ofBase =
        base.files().gguf().isPresent()
            ? Optional.empty()
            : readable(base.files().root(), "what it took counts as not known", listener);
    this.ofAdapter =
        options
            .adapter()
            .flatMap(folder -> readable(folder, "what it took counts as not known", listener));
  }

  /** Reads the ledgers, where there are some. */
  static Lineage read(TrainOptions options, BaseModel base, RunListener listener) {
    return new Lineage(options, base, listener);
  }

  /** A file of that name may be damaged, or be something else: no reason not to train. */
  private static Optional<Ledger> readable(Path folder, String otherwise, RunListener listener) {
    try {
      return LedgerFile.in(folder).filter(ledger -> ledger.entries().size() < MOST_ENTRIES);
    } catch (InputException e) {
      listener.note(e.getMessage() + "; " + otherwise);
      return Optional.empty();
    }
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
    return readable(folder, "the checkpoint's counts", listener);
  }
}
