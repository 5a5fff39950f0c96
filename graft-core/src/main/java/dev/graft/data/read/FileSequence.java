package dev.graft.data.read;

import dev.graft.data.RawRow;
import dev.graft.data.RowSource;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of several files; each is opened when the one before it ends. */
final class FileSequence implements RowSource {
  private final Iterator<Path> files;
  private @Nullable RowSource current;
  private boolean unopened;

  FileSequence(List<Path> files) {
    this.files = files.iterator();
  }

  @Override
  public @Nullable RawRow next() {
    while (true) {
      if (current == null) {
        if (!files.hasNext()) {
          return null;
        }
        Path file = files.next(); // one that can't be opened is passed over next
        unopened = file.toFile().length() > 0;
        current = DataFiles.openFile(file);
        unopened = false;
      }
      RawRow row = current.next();
      if (row != null) {
        return row;
      }
      close();
    }
  }

  @Override
  public boolean isCutShort() {
    return current == null ? unopened : current.isCutShort();
  }

  @Override
  public @Nullable String text() {
    return current == null ? null : current.text();
  }

  @Override
  public void close() {
    if (current != null) {
      current.close();
      current = null;
    }
  }
}
