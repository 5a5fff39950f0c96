package dev.graft.data.read;

import dev.graft.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which files of a folder are its data: those with tables or JSON; where it holds none of these,
 * its texts, each of them a row. Hidden files and those of other kinds are passed over.
 */
final class DataFolder {
  private static final int DEEPEST = 16;
  private static final int MOST = 1_000_000;
  private static final Map<String, String> SPLITS =
      Map.of(
          "train", "train",
          "training", "train",
          "valid", "valid",
          "validation", "valid",
          "val", "valid",
          "dev", "valid",
          "eval", "valid",
          "test", "test");

  private DataFolder() {}

  /** The files in the order of their names. */
  static List<Path> files(Path folder) {
    List<Path> data = new ArrayList<>();
    List<Path> texts = new ArrayList<>();
    for (Path file : visible(folder)) {
      FileKind.named(file).ifPresent(kind -> (kind == FileKind.TEXT ? texts : data).add(file));
    }
    List<Path> files = data.isEmpty() ? texts : data;
    if (files.isEmpty()) {
      throw InputException.in(folder, "the folder holds no data; known are " + DataFiles.KNOWN);
    }
    refuseSplits(folder, data);
    return files;
  }

  private static List<Path> visible(Path folder) {
    try (Stream<Path> all = Files.walk(folder, DEEPEST)) {
      List<Path> files =
          all.filter(file -> !isHidden(folder, file))
              .filter(Files::isRegularFile)
              .limit(MOST + 1L)
              .sorted()
              .toList();
      if (files.size() > MOST) {
        throw InputException.in(folder, "holds more than " + MOST + " files");
      }
      return files;
    } catch (IOException e) {
      throw Failure.of(folder, e);
    } catch (UncheckedIOException e) {
      throw InputException.in(folder, "can't be listed: " + Failure.oneLine(e.toString()), e);
    }
  }

  private static boolean isHidden(Path folder, Path file) {
    for (Path part : folder.relativize(file)) {
      if (part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  /** What was held out must not be trained on because a folder was named and not a file. */
  private static void refuseSplits(Path folder, List<Path> files) {
    Map<String, Path> found = new TreeMap<>();
    for (Path file : files) {
      for (Path part : folder.relativize(file)) {
        String word = part.toString().split("[-_.]", 2)[0];
        String split = SPLITS.get(word);
        if (split != null) {
          found.putIfAbsent(split, file);
        }
      }
    }
    if (found.size() > 1) {
      List<Path> names = found.values().stream().map(folder::relativize).toList();
      throw InputException.in(
          folder,
          "holds " + names.getFirst() + " and " + names.get(1) + "; name the one that is meant");
    }
  }
}
