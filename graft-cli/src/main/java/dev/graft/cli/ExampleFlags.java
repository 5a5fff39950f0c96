package dev.graft.cli;

import dev.graft.config.TrainOption;
import dev.graft.data.LossOn;
import picocli.CommandLine.Option;

/** Flags of every command that makes examples of rows: what training would make of them. */
final class ExampleFlags {
  @Option(
      names = "--max-length",
      paramLabel = "N",
      defaultValue = "2048",
      description = "Longest example in tokens (${DEFAULT-VALUE}).")
  private String maxLength = "2048";

  @Option(
      names = "--loss-on",
      paramLabel = "completion|all-assistant|everything",
      defaultValue = "completion",
      description = "Tokens that carry loss (${DEFAULT-VALUE}).")
  private LossOn lossOn = LossOn.COMPLETION;

  int maxLength() {
    return Math.toIntExact(TrainOption.parse(TrainOption.MAX_LENGTH, maxLength));
  }

  LossOn lossOn() {
    return lossOn;
  }
}
