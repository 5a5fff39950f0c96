package dev.graft.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code graft tokenizer}: the commands that make tokenizers. */
@Command(
    name = "tokenizer",
    description = "Makes the tokenizer of a new model.",
    subcommands = {TokenizerTrainCommand.class})
final class TokenizerCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command?");
  }
}
