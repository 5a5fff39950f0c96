package dev.graft.bench;

import java.nio.file.Path;

/** The golden models of the project. */
public final class TinyModel {
  public static final Path GOLDEN = Path.of("..", "golden");
  public static final Path LLAMA = GOLDEN.resolve("models").resolve("llama-tied");

  private TinyModel() {}
}
