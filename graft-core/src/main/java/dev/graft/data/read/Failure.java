package dev.graft.data.read;

import dev.graft.InputException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.ZipException;

/** What is said when a file can't be read. */
final class Failure {
  private Failure() {}

  static InputException of(Path file, IOException e) {
    String message = e.getMessage();
    String what =
        switch (e) {
          case NoSuchFileException gone -> "there is no such file";
          case AccessDeniedException denied -> "can't be read: permission denied";
          case EOFException end -> "ends in the middle of its compressed data; it is cut short";
          case ZipException damaged -> "its compressed data is damaged: " + message;
          case Compression.Damaged damaged -> message == null ? "is damaged" : message;
          default -> "can't be read" + (message == null ? "" : ": " + message);
        };
    return InputException.in(file, oneLine(what), e);
  }

  static String oneLine(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  /** Closes what was only read. */
  static void close(Closeable in) {
    try {
      in.close();
    } catch (IOException e) {
      // Nothing was written, so nothing is lost.
    }
  }
}
