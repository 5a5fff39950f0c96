package dev.graft.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes a file aside, forces it to disk and renames it into place, so that a reader sees the old
 * file or the whole new one and never a half of it.
 */
public final class AtomicFile {
  private static final Pattern ASIDE = Pattern.compile("\\.(.+)\\.[0-9a-f]{1,16}\\.tmp");

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
    Path aside = Scratch.use(aside(absolute));
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
      force(folder);
    } finally {
      Scratch.delete(aside);
    }
  }

  /** A new name beside a file, for what is written aside. */
  public static Path aside(Path target) {
    // Not Files.createTempFile, whose files only their owner may read.
    String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
    return target.resolveSibling("." + target.getFileName() + "." + random + ".tmp");
  }

  /** A new name lasts through a power failure only once its folder is on disk too. */
  public static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows opens no folders; the file is whole and in place in any case.
    }
  }

  /** Whether this is what a killed process left of its writing aside for a file of that name. */
  public static boolean isLeftover(Path file, Predicate<String> name) {
    Matcher matcher = ASIDE.matcher(file.getFileName().toString());
    return matcher.matches() && name.test(matcher.group(1));
  }

  /**
   * Deletes what killed processes left of writing to the folder; nobody may be writing there now.
   *
   * @param name which files it is about
   */
  public static void removeLeftovers(Path folder, Predicate<String> name) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> isLeftover(f, name)).toList()) {
        Files.deleteIfExists(file);
      }
    }
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
