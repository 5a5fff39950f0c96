package dev.graft.cli;

import dev.graft.config.RowMappings;
import dev.graft.data.DataFormat;
import dev.graft.data.RowOptions;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of every command that reads rows of data. */
final class DataFlags {
  @Option(
      names = "--format",
      paramLabel = "LAYOUT",
      description =
          "Layout of the rows: messages, sharegpt, alpaca, prompt-completion, text, preference or"
              + " feedback; their keys tell it otherwise.")
  private @Nullable DataFormat format;

  @Option(
      names = "--map",
      paramLabel = "NAME=THEIRS|FILE",
      description =
          "What the data calls a key or role, as in prompt=question; or a YAML file of these. Can"
              + " be repeated.")
  private List<String> map = List.of();

  RowOptions options() {
    return new RowOptions(Optional.ofNullable(format), RowMappings.parse("--map", map));
  }
}
