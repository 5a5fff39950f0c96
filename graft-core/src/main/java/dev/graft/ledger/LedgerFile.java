package dev.graft.ledger;

import dev.graft.InputException;
import dev.graft.format.Config;
import dev.graft.format.SafetensorsFile;
import dev.graft.format.Weights;
import dev.graft.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where ledgers are: {@code ledger.json} in the folders of runs, adapters and models, and the
 * metadata of checkpoints.
 */
public final class LedgerFile {
  /** Its name in a folder. */
  public static final String NAME = "ledger.json";

  /** Its key in the metadata of a checkpoint. */
  public static final String METADATA = "graft.ledger";

  private LedgerFile() {}

  /**
   * Reads the ledger of a folder, a checkpoint or a file that is one.
   *
   * @throws InputException where there is none or it is damaged
   */
  public static Ledger read(Path path) {
    if (Files.isDirectory(path)) {
      return in(path)
          .orElseThrow(() ->
              InputException.in(
                  path,
                  "has no "
                      + NAME
                      + ", so what it took is not known; name the folder of a run, an adapter or a"
                      + " model, or a checkpoint"));
    }
    if (!Files.exists(path)) {
      throw InputException.in(path, "there is no such folder or file");
    }
    return path.toString().endsWith(".safetensors") ? ofCheckpoint(path) : ofFile(path);
  }

  /**
   * The ledger of a folder; empty where it has none.
   *
   * @throws InputException where it is damaged
   */
  public static Optional<Ledger> in(Path folder) {
    Path file = folder.resolve(NAME);
    return Files.exists(file) ? Optional.of(ofFile(file)) : Optional.empty();
  }

  private static Ledger ofFile(Path file) {
    return LedgerJson.read(Config.read(file));
  }

  private static Ledger ofCheckpoint(Path file) {
    try (Weights weights = SafetensorsFile.open(file)) {
      String text = weights.metadata().get(METADATA);
      if (text == null) {
        throw InputException.in(
            file, "carries no ledger; of an adapter or a model, name the folder");
      }
      return parse(file, text);
    }
  }

  /**
   * Reads a text that {@link #text} made.
   *
   * @param file it came from, to be named in errors
   */
  public static Ledger parse(Path file, String text) {
    return LedgerJson.read(Config.parse(file, text));
  }

  /** The ledger as JSON. */
  public static String text(Ledger ledger) {
    return LedgerJson.write(ledger);
  }

  /** The ledger as JSON with the total of its entries. */
  public static String report(Ledger ledger) {
    return LedgerJson.report(ledger);
  }

  /** Writes the ledger into a folder, which is made where there is none. */
  public static void write(Path folder, Ledger ledger) {
    Path file = folder.resolve(NAME);
    try {
      AtomicFile.writeString(file, text(ledger));
    } catch (IOException e) {
      throw InputException.unwritable(file, e);
    }
  }
}
