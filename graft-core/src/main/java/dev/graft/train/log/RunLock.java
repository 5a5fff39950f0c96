package dev.graft.train.log;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two processes from training into one folder. The lock is the system's, on a file in the
 * folder, and ends with its process; the file stays, for to delete it would let a third in.
 */
public final class RunLock implements AutoCloseable {
  static final String FILE = ".lock";

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the folder, which is made where there is none, until closed.
   *
   * @throws InputException where another run has it or it cannot be written to
   */
  public static RunLock take(Path folder) {
    FileChannel channel;
    try {
      Files.createDirectories(folder);
      channel =
          FileChannel.open(
              folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw InputException.unwritable(folder.resolve(FILE), e);
    }
    RunLock lock = new RunLock(channel);
    if (!lock.isTaken()) {
      lock.close();
      throw InputException.in(
          folder, "another run is writing to it; wait for its end or choose another output");
    }
    return lock;
  }

  private boolean isTaken() {
    try {
      @Nullable FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // by this process
    } catch (IOException e) {
      return true; // a file system without locks: as good as it gets
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written through it.
    }
  }
}
