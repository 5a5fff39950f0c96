package dev.graft.data.arrange;

import dev.graft.InputException;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Several files that are written aside together and then renamed: all of them, or none. */
final class Parts implements AutoCloseable {
  /** One file under way. */
  private record Part(Path aside, Path target, FileOutputStream file, BufferedOutputStream out) {}

  private final List<Part> parts = new ArrayList<>();

  private Parts() {}

  static Parts open(List<Path> targets) throws IOException {
    Parts parts = new Parts();
    try {
      for (Path target : targets) {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null) {
          throw InputException.in(target, "is no name of a file");
        }
        Files.createDirectories(folder);
        Path aside = Files.createTempFile(folder, "." + target.getFileName() + ".", ".tmp");
        FileOutputStream file = new FileOutputStream(aside.toFile());
        parts.parts.add(new Part(aside, target, file, new BufferedOutputStream(file, 1 << 16)));
      }
      return parts;
    } catch (IOException e) {
      parts.close();
      throw InputException.unwritable(targets.getFirst(), e);
    }
  }

  void write(int part, byte[] bytes) {
    try {
      parts.get(part).out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts all files in their places. */
  void commit() throws IOException {
    for (Part part : parts) {
      part.out.flush();
      part.file.getFD().sync();
      part.out.close();
    }
    for (Part part : parts) {
      if (Files.getFileStore(part.aside).supportsFileAttributeView("posix")) {
        // A temporary file may be read by its owner only.
        Files.setPosixFilePermissions(
            part.aside, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
      }
      Files.move(
          part.aside,
          part.target,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public void close() throws IOException {
    for (Part part : parts) {
      part.file.close();
      Files.deleteIfExists(part.aside);
    }
  }
}
