package dev.graft.train.log;

import dev.graft.InputException;
import dev.graft.io.AtomicFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder of one training run and what lies where in it. */
public final class RunFolder {
  private static final String CONFIG = "config.yaml";
  private static final String METRICS = "metrics.jsonl";
  private static final String SUMMARY = "summary.json";
  private static final String CHECKPOINTS = "checkpoints";
  private static final String ADAPTER = "adapter";
  private static final String MODEL = "model";
  private static final String TENSORBOARD = "tensorboard";
  private static final String LEDGER = "ledger.json";

  /** Everything that a run writes, and therefore all that overwriting removes. */
  private static final List<String> WRITTEN =
      List.of(SUMMARY, LEDGER, CHECKPOINTS, ADAPTER, MODEL, TENSORBOARD, METRICS, CONFIG);

  /** What to do with a folder that holds something already. */
  public enum Existing {
    /** Leave it alone and fail. */
    REFUSE,
    /** Remove what the earlier run wrote, and nothing else. */
    OVERWRITE,
    /** Go on with the run that it holds. */
    RESUME
  }

  private final Path path;

  private RunFolder(Path path) {
    this.path = path;
  }

  /**
   * Makes the folder of a run, or takes an existing one as {@code existing} says. A new run may use
   * an empty folder; overwriting and resuming need one that is empty, too, or holds {@code
   * config.yaml} or {@code metrics.jsonl} of an earlier run. So a command with {@code --resume} can
   * be repeated until it ends, however early it was killed.
   *
   * @throws InputException where the folder cannot be used in this way
   */
  public static RunFolder create(Path path, Existing existing) {
    RunFolder folder = new RunFolder(path);
    folder.attempt(() -> folder.prepare(existing));
    return folder;
  }

  /**
   * Finds what {@link #create} would refuse, and changes nothing.
   *
   * @throws InputException where the folder cannot be used in this way
   */
  public static void check(Path path, Existing existing) {
    RunFolder folder = new RunFolder(path);
    folder.attempt(() -> folder.checkUse(existing));
  }

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  private void attempt(Work work) {
    try {
      work.run();
    } catch (FileAlreadyExistsException e) {
      throw InputException.in(path, "is a file, not a folder; choose another output", e);
    } catch (IOException e) {
      throw InputException.in(path, "cannot be used as output folder: " + e.getMessage(), e);
    }
  }

  /** What the options {@code resume} and {@code overwrite} mean for the folder. */
  public static Existing existing(boolean resume, boolean overwrite) {
    return resume ? Existing.RESUME : overwrite ? Existing.OVERWRITE : Existing.REFUSE;
  }

  private void prepare(Existing existing) throws IOException {
    checkUse(existing);
    if (existing == Existing.OVERWRITE) {
      removeRun();
    }
    Files.createDirectories(path);
    AtomicFile.removeLeftovers(path, WRITTEN::contains);
    for (Path folder : List.of(checkpoints(), adapter(), model())) {
      AtomicFile.removeLeftovers(folder, name -> true);
    }
  }

  private void checkUse(Existing existing) throws IOException {
    boolean empty = !Files.exists(path, LinkOption.NOFOLLOW_LINKS) || isEmptyFolder();
    boolean isRun = Files.isRegularFile(config()) || Files.isRegularFile(metrics());
    switch (existing) {
      case REFUSE -> {
        if (!empty) {
          throw InputException.in(path, "is not empty" + advice(isRun));
        }
      }
      case OVERWRITE -> {
        if (!empty && !isRun) {
          throw InputException.in(
              path,
              "is not empty and holds no run, so nothing is overwritten; choose another output");
        }
      }
      case RESUME -> {
        if (!empty && !isRun) {
          throw InputException.in(
              path, "is not empty and holds no run to resume; choose another output");
        }
      }
    }
  }

  private static String advice(boolean isRun) {
    return isRun
        ? "; choose another output, or --resume that run, or --overwrite it"
        : "; choose another output";
  }

  /** What a run leaves that was killed before it wrote anything does not count. */
  private boolean isEmptyFolder() throws IOException {
    if (!Files.isDirectory(path)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    try (Stream<Path> entries = Files.list(path)) {
      Predicate<Path> isTrace =
          entry ->
              entry.getFileName().toString().equals(RunLock.FILE)
                  || AtomicFile.isLeftover(entry, CONFIG::equals);
      return entries.allMatch(isTrace);
    }
  }

  /** What makes it a run goes last, so that an interrupted removal can be repeated. */
  private void removeRun() throws IOException {
    for (String name : WRITTEN) {
      remove(path.resolve(name));
    }
  }

  /** Removes a file or tree; a symbolic link is removed, what it points to stays. */
  private static void remove(Path target) throws IOException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        target,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** The folder itself. */
  public Path path() {
    return path;
  }

  /** The run's options, all of them. */
  public Path config() {
    return path.resolve(CONFIG);
  }

  /** Rows of {@link MetricsLog}. */
  public Path metrics() {
    return path.resolve(METRICS);
  }

  /** What came of the run. */
  public Path summary() {
    return path.resolve(SUMMARY);
  }

  /** Folder of resumable states. */
  public Path checkpoints() {
    return path.resolve(CHECKPOINTS);
  }

  /** Folder of the trained adapter. */
  public Path adapter() {
    return path.resolve(ADAPTER);
  }

  /** Folder of the trained model, where all weights were trained. */
  public Path model() {
    return path.resolve(MODEL);
  }

  /** Folder of event files for TensorBoard. */
  public Path tensorboard() {
    return path.resolve(TENSORBOARD);
  }

  /** Writes the options as YAML, so that {@code graft train config.yaml} is the same run again. */
  public void writeConfig(String yaml) {
    write(config(), yaml);
  }

  /** Writes the summary as JSON, keys in the map's order; NaN and infinity become null. */
  public void writeSummary(Map<String, ?> summary) {
    write(summary(), Json.pretty(summary));
  }

  private static void write(Path file, String text) {
    try {
      AtomicFile.writeString(file, text);
    } catch (IOException e) {
      throw InputException.unwritable(file, e);
    }
  }
}
