package dev.graft.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes a file aside, forces it to disk and renames it into place, so that a reader sees the old
 * file or the whole new one and never a half of it.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** What fills the file. */
  @FunctionalInterface
  public interface Writer {
    void writeTo(FileChannel channel) throws IOException;
  }

  /** Replaces {@code target} by what {@code writer} writes; leaves nothing behind when it fails. */
  public static void write(Path target, Writer writer) throws IOException {
    Path absolute = target.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null) {
      throw new IOException(target + " is not a file name");
    }
    Files.createDirectories(folder);
    // Not Files.createTempFile, whose files only their owner may read.
    String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
    Path aside = folder.resolve("." + absolute.getFileName() + "." + random + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(
              aside,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE,
              StandardOpenOption.READ)) {
        writer.writeTo(channel);
        channel.force(true);
      }
      Files.move(
          aside, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  /** Whether a file is one that a kill left aside, half written. */
  public static boolean isAside(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.startsWith(".") && name.endsWith(".tmp");
  }

  /** Replaces {@code target} by {@code text} in UTF-8. */
  public static void writeString(Path target, String text) throws IOException {
    write(
        target,
        channel -> {
          var bytes = java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }
}
