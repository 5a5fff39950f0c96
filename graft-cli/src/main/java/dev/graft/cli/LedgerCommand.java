package dev.graft.cli;

import dev.graft.ledger.Ledger;
import dev.graft.ledger.LedgerFile;
import dev.graft.ledger.LedgerText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code graft ledger}. */
@Command(
    name = "ledger",
    sortOptions = false,
    footer = {"", "Example: graft ledger runs/first"},
    description = "Shows what it took to make a run, an adapter or a model, with all it builds on.")
final class LedgerCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(
      paramLabel = "PATH",
      description = "Folder of a run, an adapter or a model, a checkpoint, or a ledger.json.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path path;

  @Option(names = "--json", description = "Print the ledger and its total as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Ledger ledger = LedgerFile.read(path);
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? LedgerFile.report(ledger) : LedgerText.of(ledger));
    return ExitCode.OK;
  }
}
