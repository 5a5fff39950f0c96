package dev.graft.cli;

import dev.graft.config.Precision;
import dev.graft.config.TrainOption;
import dev.graft.engine.DType;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of every command that runs a model. */
final class ModelFlags {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "MODEL",
      description = "Model folder, GGUF file, or name on the Hub (owner/name).")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String model;

  @Option(names = "--adapter", paramLabel = "FOLDER", description = "Adapter in PEFT's format.")
  private @Nullable Path adapter;

  @Option(
      names = "--precision",
      paramLabel = "bf16|fp32",
      defaultValue = "bf16",
      description = "Element type of weights and activations (${DEFAULT-VALUE}).")
  private Precision precision = Precision.BF16;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Threads of the engine, at most one per core; 0 is that many.")
  private String threads = "0";

  String model() {
    return model;
  }

  Optional<Path> adapter() {
    return Optional.ofNullable(adapter);
  }

  DType dtype() {
    return precision == Precision.BF16 ? DType.BF16 : DType.F32;
  }

  int threads() {
    return Math.toIntExact(TrainOption.parse(TrainOption.THREADS, threads));
  }
}
