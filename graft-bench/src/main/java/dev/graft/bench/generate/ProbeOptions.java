package dev.graft.bench.generate;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What every probe is told. */
final class ProbeOptions {
  @Option(names = "--model", required = true)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path model;

  @Option(names = "--prompt", required = true)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path prompt;

  @Option(names = "--output", required = true)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path output;

  @Option(names = "--new-tokens", required = true)
  private int newTokens;

  @Option(names = "--batch-size", required = true)
  private int batch;

  @Option(names = "--threads", required = true)
  private int threads;

  Path model() {
    return model;
  }

  /** The text to go on from. */
  String prompt() throws IOException {
    if (!Files.isRegularFile(prompt)) {
      throw InputException.in(prompt, "there is no such file");
    }
    return Files.readString(prompt);
  }

  Path output() {
    return output;
  }

  int newTokens() {
    return newTokens;
  }

  int batch() {
    return batch;
  }

  int threads() {
    return threads;
  }
}
