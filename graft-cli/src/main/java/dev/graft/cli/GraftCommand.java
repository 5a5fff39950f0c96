package dev.graft.cli;

import dev.graft.config.DataChecking;
import dev.graft.config.Precision;
import dev.graft.data.DataFormat;
import dev.graft.data.LossOn;
import dev.graft.plan.MemoryParts.Sharding;
import dev.graft.run.CompareRequest;
import dev.graft.text.bpe.WordSplit;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

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
    return commandLine(out, err, columns, new LibraryTraining());
  }

  /** The whole command line with another way to train. */
  static CommandLine commandLine(
      PrintWriter out, PrintWriter err, int columns, TrainRunner training) {
    CommandLine root = new CommandLine(new GraftCommand());
    root.addSubcommand(TrainCommand.NAME, TrainCommand.spec(training));
    root.addSubcommand(new GenerateCommand());
    root.addSubcommand(new EvalCommand());
    root.addSubcommand(new LedgerCommand());
    root.addSubcommand(new DataCommand());
    root.addSubcommand(new TokenizerCommand());
    root.addSubcommand(new PlanCommand());
    root.addSubcommand(new CompareCommand());
    root.addSubcommand(new DemoCommand());
    // Choices are written as in files of options: all-assistant, not ALL_ASSISTANT.
    root.registerConverter(LossOn.class, text -> choice(LossOn.class, text));
    root.registerConverter(Terminal.Color.class, text -> choice(Terminal.Color.class, text));
    root.registerConverter(DataFormat.class, text -> choice(DataFormat.class, text));
    root.registerConverter(WordSplit.class, text -> choice(WordSplit.class, text));
    root.registerConverter(Sharding.class, text -> choice(Sharding.class, text));
    root.registerConverter(Precision.class, text -> choice(Precision.class, text));
    root.registerConverter(DataChecking.class, text -> choice(DataChecking.class, text));
    root.registerConverter(
        CompareRequest.Equal.class, text -> choice(CompareRequest.Equal.class, text));
    root.setHelpFactory(HelpTexts::new);
    root.setUsageHelpWidth(columns);
    return Main.shared(root, out, err);
  }

  private static <E extends Enum<E>> E choice(Class<E> type, String text) {
    for (E value : type.getEnumConstants()) {
      if (value.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
        return value;
      }
    }
    List<String> names =
        Arrays.stream(type.getEnumConstants())
            .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .toList();
    throw new TypeConversionException("'" + text + "' is none of " + String.join(", ", names));
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
