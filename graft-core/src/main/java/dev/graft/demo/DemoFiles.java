package dev.graft.demo;

import dev.graft.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What comes with a clone of Graft.
 *
 * @param model graft-mini, a folder
 * @param train support tickets with their summaries
 * @param valid chooses the best checkpoint
 * @param test what is measured on
 * @param goal rules of the summaries' house style
 */
record DemoFiles(Path model, Path train, Path valid, Path test, Path goal) {
  /**
   * Finds them.
   *
   * @param home folder of the clone
   * @throws InputException where one of them is not there
   */
  static DemoFiles in(Path home) {
    Path clone = asTyped(home);
    Path tickets = clone.resolve("data").resolve("tickets");
    DemoFiles files =
        new DemoFiles(
            clone.resolve("models").resolve("graft-mini"),
            tickets.resolve("train.jsonl"),
            tickets.resolve("valid.jsonl"),
            tickets.resolve("test.jsonl"),
            tickets.resolve("goal.yaml"));
    for (Path file : List.of(files.model, files.train, files.valid, files.test, files.goal)) {
      if (!Files.isReadable(file)) {
        throw InputException.in(
            file, "is not there; the demo needs the model and the tickets of a clone of Graft");
      }
    }
    return files;
  }

  /** As a user would type it, where it lies below the working directory. */
  private static Path asTyped(Path home) {
    Path here = Path.of("").toAbsolutePath();
    Path absolute = home.toAbsolutePath().normalize();
    return absolute.startsWith(here) ? here.relativize(absolute) : absolute;
  }
}
