package dev.graft.train;

import dev.graft.InputException;
import dev.graft.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of a run's checkpoints: {@code step-00000060.safetensors}, the newest few and the
 * best.
 */
final class Checkpoints {
  private static final Pattern NAME = Pattern.compile("step-(\\d{1,18})\\.safetensors");

  private final Path folder;
  private final int keep;

  Checkpoints(Path folder, int keep) {
    this.folder = folder;
    this.keep = keep;
  }

  Path file(long step) {
    return folder.resolve(String.format("step-%08d.safetensors", step));
  }

  /** Steps of which there is a checkpoint, the newest first. */
  List<Long> steps() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Long> steps = new ArrayList<>();
      files.forEach(file -> {
        Matcher matcher = NAME.matcher(file.getFileName().toString());
        if (matcher.matches()) {
          steps.add(Long.parseLong(matcher.group(1)));
        }
      });
      steps.sort(Comparator.reverseOrder());
      return steps;
    } catch (IOException e) {
      throw InputException.in(folder, "can't be read: " + e.getMessage(), e);
    }
  }

  /**
   * Deletes what is neither among the newest nor the best, and files that a kill left half written.
   */
  void prune(long best) {
    List<Long> steps = steps();
    try {
      for (int i = keep; i < steps.size(); i++) {
        if (steps.get(i) != best) {
          Files.deleteIfExists(file(steps.get(i)));
        }
      }
      AtomicFile.removeLeftovers(folder, name -> true);
    } catch (IOException e) {
      throw InputException.in(folder, "can't be tidied: " + e.getMessage(), e);
    }
  }
}
