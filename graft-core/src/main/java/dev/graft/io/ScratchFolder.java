package dev.graft.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A hidden folder for work, beside what will come of it since that is where the room is.
 *
 * <p>A process that is killed leaves its folder behind. So each holds a file that is locked while
 * its process lives, and whoever opens another beside it deletes those that nobody holds.
 */
public final class ScratchFolder implements AutoCloseable {
  private static final String PREFIX = ".graft-scratch-";
  private static final Pattern NAME = Pattern.compile("\\.graft-scratch-[0-9]+");
  private static final String LOCK = "lock";
  private static final int ATTEMPTS = 5;

  private final Path path;
  private final FileChannel lock;

  private ScratchFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /** Makes one, and deletes what killed processes left of theirs. */
  public static ScratchFolder in(Path parent) throws IOException {
    Files.createDirectories(parent);
    removeAbandoned(parent);
    for (int i = 0; i < ATTEMPTS; i++) {
      Path path = Scratch.use(Files.createTempDirectory(parent, PREFIX));
      FileChannel lock = locked(path.resolve(LOCK), true);
      if (lock != null) {
        return new ScratchFolder(path, lock);
      }
      Scratch.delete(path); // somebody took it for an abandoned one before it was locked
    }
    throw new IOException("no folder for work could be made in " + parent);
  }

  public Path path() {
    return path;
  }

  private static void removeAbandoned(Path parent) throws IOException {
    List<Path> folders;
    try (Stream<Path> files = Files.list(parent)) {
      folders =
          files
              .filter(file -> NAME.matcher(file.getFileName().toString()).matches())
              .filter(Files::isDirectory)
              .toList();
    }
    for (Path folder : folders) {
      try (FileChannel lock = locked(folder.resolve(LOCK), false)) {
        if (lock != null) {
          Scratch.delete(folder);
        }
      } catch (IOException e) {
        // Not ours to delete, or gone meanwhile.
      }
    }
  }

  /** The locked file; null where somebody else holds it, or has deleted it. */
  private static @Nullable FileChannel locked(Path file, boolean create) throws IOException {
    if (!create && !Files.exists(file)) {
      return null;
    }
    FileChannel channel =
        create
            ? FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
            : FileChannel.open(file, StandardOpenOption.WRITE);
    boolean mine = false;
    try {
      FileLock lock = channel.tryLock();
      mine = lock != null && Files.exists(file);
    } catch (OverlappingFileLockException e) {
      mine = false; // held in this process
    } finally {
      if (!mine) {
        channel.close();
      }
    }
    return mine ? channel : null;
  }

  @Override
  public void close() throws IOException {
    lock.close();
    Scratch.delete(path);
  }
}
