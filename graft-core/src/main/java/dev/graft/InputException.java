package dev.graft;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Something that came from outside (a file, a flag, a data row, a reply from a server) is wrong.
 *
 * <p>The message is one line that names the file, the line or the key, says what is wrong and,
 * where it can, what to do. The command line prints it as {@code error: …} and exits with code 2;
 * it never shows a stack trace for it.
 */
public final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InputException(String message) {
    super(message);
  }

  public InputException(String message, Throwable cause) {
    super(message, cause);
  }

  /** {@code FILE: what is wrong}. */
  public static InputException in(Path file, String what) {
    return new InputException(file + ": " + what);
  }

  /** {@code FILE: what is wrong}, with the cause kept for {@code --debug}. */
  public static InputException in(Path file, String what, Throwable cause) {
    return new InputException(file + ": " + what, cause);
  }

  /**
   * {@code FILE: cannot be written: why}, for a disk that is full or a folder that is protected.
   */
  public static InputException unwritable(Path file, IOException cause) {
    String why = cause.getMessage();
    if (cause instanceof AccessDeniedException) {
      why = "permission denied";
    } else if (cause instanceof FileAlreadyExistsException there) {
      why = there.getFile() + " is a file, not a folder"; // made with the folders above it
    } else if (cause instanceof NoSuchFileException) {
      why = "there is no such folder, and none can be made";
    } else if (cause instanceof FileSystemException system && system.getReason() != null) {
      why = system.getReason(); // the message would name the file again
    }
    return in(file, "cannot be written: " + (why == null ? cause : why), cause);
  }

  /** {@code FILE:LINE: what is wrong}; lines count from one. */
  public static InputException at(Path file, long line, String what) {
    return new InputException(file + ":" + line + ": " + what);
  }
}
