package dev.graft.io;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is wrong with a path to write to before the work for it is done. Nothing is changed,
 * and what goes wrong later, such as a full disk, is still an error then.
 */
public final class OutputPath {
  private OutputPath() {}

  /**
   * Checks a file that is to be written, or replaced.
   *
   * @param inputs files and folders that are read for it
   * @throws InputException where it is a folder or one of the inputs or inside of them, or can't be
   *     written
   */
  public static void checkFile(Path file, List<Path> inputs) {
    if (Files.isDirectory(file)) {
      throw InputException.in(file, "is a folder; name a file to write");
    }
    checkInputs(file, inputs);
    Path parent = file.toAbsolutePath().getParent();
    checkParents(file, parent);
  }

  /**
   * Checks a folder that is to be written to, or made.
   *
   * @param inputs files and folders that are read for it
   * @throws InputException where it is a file or inside of one of the inputs, or can't be written
   */
  public static void checkFolder(Path folder, List<Path> inputs) {
    checkInputs(folder, inputs);
    checkParents(folder, folder.toAbsolutePath());
  }

  private static void checkInputs(Path target, List<Path> inputs) {
    for (Path input : inputs) {
      if (isSame(target, input)) {
        throw InputException.in(target, "is what is read; name another to write");
      }
      if (Files.isDirectory(input) && isInside(target, input)) {
        throw InputException.in(
            target, "is inside of " + input + ", which is read; name a place outside of it");
      }
    }
  }

  private static boolean isSame(Path a, Path b) {
    try {
      return Files.exists(a) && Files.exists(b) && Files.isSameFile(a, b);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isInside(Path target, Path folder) {
    Path above = target.toAbsolutePath().normalize().getParent();
    while (above != null) {
      if (isSame(above, folder)) {
        return true;
      }
      above = above.getParent();
    }
    return false;
  }

  /** The first folder above that is there must be one, and open to writing. */
  private static void checkParents(Path target, @Nullable Path folder) {
    Path there = folder;
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    if (there == null) {
      return;
    }
    if (!Files.isDirectory(there)) {
      String what = there.equals(target.toAbsolutePath()) ? "it" : there.toString();
      throw InputException.in(target, "cannot be written: " + what + " is a file, not a folder");
    }
    if (!Files.isWritable(there)) {
      throw InputException.in(target, "cannot be written: permission denied");
    }
  }
}
