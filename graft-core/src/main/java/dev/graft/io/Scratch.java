package dev.graft.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Files and folders that are of use only while something is written. They are deleted too when the
 * process is told to end before that is done; only one that is killed outright leaves them.
 */
public final class Scratch {
  private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

  static {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(Scratch::deleteAll, "graft-scratch"));
    } catch (IllegalStateException e) {
      // The process is ending already, and begins nothing more.
    }
  }

  private Scratch() {}

  /** Notes a path, whether it is there yet or not; gives it back. */
  public static Path use(Path path) {
    Path absolute = path.toAbsolutePath();
    IN_USE.add(absolute);
    return absolute;
  }

  /** Deletes a file or folder, if it is there, and forgets it. */
  public static void delete(Path path) throws IOException {
    Path absolute = path.toAbsolutePath();
    try {
      deleteTree(absolute);
    } finally {
      IN_USE.remove(absolute);
    }
  }

  /** Deletes what is in use; for a process that ends without its shutdown hooks. */
  public static void deleteAll() {
    for (Path path : IN_USE) {
      try {
        deleteTree(path);
      } catch (IOException e) {
        // It stays, and does no harm; the process must end.
      }
    }
  }

  private static void deleteTree(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      Files.deleteIfExists(path);
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
