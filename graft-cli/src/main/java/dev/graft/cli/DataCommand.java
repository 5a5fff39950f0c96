package dev.graft.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code graft data}: the commands that look at data and prepare it. */
@Command(
    name = "data",
    description = "Looks at data and prepares it: what exactly will be learnt?",
    subcommands = {
      DataCheckCommand.class,
      DataConvertCommand.class,
      DataMixCommand.class,
      DataShowCommand.class,
      DataSplitCommand.class,
      DataStatsCommand.class,
      DataTemplateCommand.class
    })
final class DataCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command?");
  }
}
