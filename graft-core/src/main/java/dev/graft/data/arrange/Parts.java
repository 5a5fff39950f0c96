package dev.graft.data.arrange;

import dev.graft.InputException;
import dev.graft.io.AtomicFile;
import dev.graft.io.Scratch;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Several files of one folder that are written aside together and then renamed. Where that fails
 * for one of them, all are as they were before; only a process that is killed during the few
 * renamings leaves some of them new and others old.
 */
final class Parts implements AutoCloseable {
  /** One file under way; {@code before} is where the file that it replaces waits meanwhile. */
  private record Part(
      Path target, Path aside, Path before, FileChannel channel, OutputStream out) {}

  private final Path folder;
  private final List<Part> parts = new ArrayList<>();

  private Parts(Path folder) {
    this.folder = folder;
  }

  /**
   * Opens them.
   *
   * @throws InputException where they can't be written
   */
  static Parts open(Path folder, List<String> names) {
    Parts parts = new Parts(folder);
    try {
      Files.createDirectories(folder);
      for (String name : names) {
        parts.add(folder.resolve(name));
      }
      return parts;
    } catch (IOException e) {
      parts.close();
      throw InputException.unwritable(folder, e);
    }
  }

  private void add(Path target) throws IOException {
    Path aside = Scratch.use(AtomicFile.aside(target));
    FileChannel channel =
        FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    parts.add(new Part(target, aside, AtomicFile.aside(target), channel, out));
  }

  void write(int part, byte[] bytes) {
    try {
      parts.get(part).out.write(bytes);
    } catch (IOException e) {
      throw InputException.unwritable(parts.get(part).target, e);
    }
  }

  /**
   * Puts all files in their places.
   *
   * @throws InputException where one can't be written
   */
  void commit() {
    for (Part part : parts) {
      try {
        part.out.flush();
        part.channel.force(true);
        part.channel.close();
      } catch (IOException e) {
        throw InputException.unwritable(part.target, e);
      }
    }
    List<Part> placed = new ArrayList<>();
    for (Part part : parts) {
      try {
        place(part);
        placed.add(part);
      } catch (IOException e) {
        placed.forEach(Parts::undo);
        throw InputException.unwritable(part.target, e);
      }
    }
    for (Part part : parts) {
      delete(part.before);
    }
    AtomicFile.force(folder);
  }

  /** All of it or nothing. */
  private static void place(Part part) throws IOException {
    boolean replaces = Files.exists(part.target);
    if (replaces) {
      Files.move(part.target, part.before, StandardCopyOption.ATOMIC_MOVE);
    }
    try {
      Files.move(part.aside, part.target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (replaces) {
        Files.move(part.before, part.target, StandardCopyOption.ATOMIC_MOVE);
      }
      throw e;
    }
  }

  private static void undo(Part part) {
    delete(part.target);
    try {
      if (Files.exists(part.before)) {
        Files.move(part.before, part.target, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      // The file's rows are still there, under the other name.
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // A file too many does no harm.
    }
  }

  @Override
  public void close() {
    for (Part part : parts) {
      try {
        part.channel.close();
      } catch (IOException e) {
        // Nobody will read it.
      }
      try {
        Scratch.delete(part.aside);
      } catch (IOException e) {
        // A file too many does no harm.
      }
    }
  }
}
