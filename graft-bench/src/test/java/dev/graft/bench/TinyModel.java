package dev.graft.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** The golden models of the project, and rows for them. */
public final class TinyModel {
  public static final Path GOLDEN = Path.of("..", "golden");
  public static final Path LLAMA = GOLDEN.resolve("models").resolve("llama-tied");

  private TinyModel() {}

  /** Different short rows. */
  public static List<String> rows(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> row("What is " + i + "?", "The number " + i + "."))
        .toList();
  }

  /** A question and its answer. */
  public static String row(String question, String answer) {
    return """
    {"messages": [{"role": "user", "content": "%s"}, {"role": "assistant", "content": "%s"}]}\
    """
        .formatted(question, answer);
  }
}
