package dev.graft.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root: the verbs and what they share. */
@Command(
    name = "graft",
    description = "Adapts pre-trained language models on the JVM.",
    versionProvider = Version.class,
    footer = {
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong input or usage, 130 stopped by Ctrl-C.",
    })
final class GraftCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help and exit.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version and exit.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean version;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show stack traces of errors.")
  private boolean debug;

  /** The whole command line, writing to these. */
  static CommandLine commandLine(PrintWriter out, PrintWriter err, int columns) {
    return commandLine(out, err, columns, new NoTraining());
  }

  /** The whole command line with another way to train. */
  static CommandLine commandLine(
      PrintWriter out, PrintWriter err, int columns, TrainRunner training) {
    CommandLine root = new CommandLine(new GraftCommand());
    root.addSubcommand(TrainCommand.NAME, TrainCommand.spec(training));
    root.setUsageHelpWidth(columns);
    return Main.shared(root, out, err);
  }

  /** Whether stack traces are wanted. */
  boolean debug() {
    return debug;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command?");
  }
}
