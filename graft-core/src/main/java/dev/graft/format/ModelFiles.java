package dev.graft.format;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a model consists of on disk.
 *
 * @param root the folder
 * @param weights under Hugging Face's names; closed with this
 * @param config {@code config.json}, or the same made from a GGUF file's metadata
 * @param tokenizerJson {@code tokenizer.json}, where it is there
 * @param gguf the weights as a GGUF file, where they are one
 */
public record ModelFiles(
    Path root,
    Weights weights,
    Config config,
    Optional<Path> tokenizerJson,
    Optional<GgufFile> gguf)
    implements AutoCloseable {
  @Override
  public void close() {
    weights.close();
  }
}
