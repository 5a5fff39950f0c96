package dev.graft.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code graft data}: what can be done with a data set. */
@Command(
    name = "data",
    description = "Looks into data sets: what a model will see of them.",
    subcommands = {DataShowCommand.class, DataStatsCommand.class, DataTemplateCommand.class})
final class DataCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command?");
  }
}
