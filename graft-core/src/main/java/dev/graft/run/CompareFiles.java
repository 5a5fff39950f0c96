package dev.graft.run;

import dev.graft.InputException;
import dev.graft.data.arrange.Quota;
import dev.graft.data.arrange.Split;
import dev.graft.io.AtomicFile;
import dev.graft.io.OutputPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files of a comparison: those that were given, or parts of the training rows in the folder of
 * the comparison.
 */
record CompareFiles(Path train, Path valid, Path test) {
  static final String RESULT = "comparison.json";
  static final String REPORT = "report.html";
  static final String CELLS = "cells";
  static final String RUNS = "runs";
  static final String DATA = "data";

  /** Share of the training rows that is held out where a file is not given. */
  private static final Quota HELD_OUT = new Quota.Share(0.1);

  private static final long SEED = 1;
  private static final Set<String> OURS = Set.of(RESULT, REPORT, CELLS, RUNS, DATA, ".lock");

  /**
   * Finds what is wrong with the folder, before anything is done.
   *
   * @throws InputException where it holds something else, or can't be written
   */
  static void check(CompareRequest.Files files) {
    List<Path> inputs = new ArrayList<>(List.of(files.train()));
    files.valid().ifPresent(inputs::add);
    files.test().ifPresent(inputs::add);
    OutputPath.checkFolder(files.output(), inputs);
    if (!Files.exists(files.output())) {
      return;
    }
    try (Stream<Path> entries = Files.list(files.output())) {
      Optional<String> other =
          entries
              .filter(entry -> !AtomicFile.isLeftover(entry, OURS::contains))
              .map(entry -> entry.getFileName().toString())
              .filter(name -> !OURS.contains(name))
              .sorted()
              .findFirst();
      if (other.isPresent()) {
        throw InputException.in(
            files.output(), "holds something else (" + other.get() + "); choose another --output");
      }
    } catch (IOException e) {
      throw InputException.in(files.output(), "can't be read: " + e.getMessage(), e);
    }
  }

  /** Holds rows out where validation or test rows are not given: the same for the same rows. */
  static CompareFiles prepare(CompareRequest.Files files, RunListener listener) {
    if (files.valid().isPresent() && files.test().isPresent()) {
      return new CompareFiles(files.train(), files.valid().get(), files.test().get());
    }
    boolean both = files.valid().isEmpty() && files.test().isEmpty();
    Path folder =
        files
            .output()
            .resolve(DATA)
            .resolve(both ? "split" : files.valid().isEmpty() ? "valid-split" : "test-split");
    Split.Result result =
        Split.run(
            new Split.Request(
                files.train(),
                folder,
                files.rows(),
                HELD_OUT,
                both ? Optional.of(HELD_OUT) : Optional.empty(),
                SEED,
                Optional.empty(),
                Optional.empty(),
                true,
                true));
    List<String> held = new ArrayList<>();
    result
        .wanted()
        .keySet()
        .forEach(file -> held.add(file + " (" + result.rows().get(file) + " rows)"));
    listener.note("held out of " + files.train() + ": " + String.join(" and ", held));
    Path second = folder.resolve("valid.jsonl");
    return new CompareFiles(
        folder.resolve("train.jsonl"),
        files.valid().orElse(second),
        files.test().orElse(both ? folder.resolve("test.jsonl") : second));
  }
}
