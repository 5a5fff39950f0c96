package dev.graft.format;

import dev.graft.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A whole file mapped for reading. */
final class MappedFile implements AutoCloseable {
  private final Path path;
  private final Arena arena;
  private final MemorySegment bytes;

  private MappedFile(Path path, Arena arena, MemorySegment bytes) {
    this.path = path;
    this.arena = arena;
    this.bytes = bytes;
  }

  /** The caller closes it. */
  @SuppressWarnings("MustBeClosedChecker") // the arena lives as long as the mapping
  static MappedFile open(Path path) {
    checkRegular(path);
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new MappedFile(path, arena, bytes);
    } catch (IOException e) {
      arena.close();
      throw InputException.in(path, "cannot be read: " + Text.oneLine(e), e);
    }
  }

  /** A file, not a folder, a pipe or a device. */
  static void checkRegular(Path path) {
    if (Files.isDirectory(path)) {
      throw InputException.in(path, "is a folder, not a file");
    }
    if (!Files.isRegularFile(path)) {
      throw InputException.in(path, Files.exists(path) ? "is not a regular file" : "no such file");
    }
  }

  Path path() {
    return path;
  }

  MemorySegment bytes() {
    return bytes;
  }

  long size() {
    return bytes.byteSize();
  }

  /** Lets the pages read so far go; those that are read again come from the file again. */
  void release() {
    bytes.unload();
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
