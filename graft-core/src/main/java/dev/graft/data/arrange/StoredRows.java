package dev.graft.data.arrange;

import dev.graft.InputException;
import dev.graft.data.RawRow;
import dev.graft.data.RowOptions;
import dev.graft.data.RowReader;
import dev.graft.data.RowSource;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Goes through the rows of a file. */
final class StoredRows {
  private StoredRows() {}

  /**
   * All rows.
   *
   * @return number of rows
   * @throws InputException where a row can't be read, or there is none
   */
  static int forEach(Path file, RowOptions options, Consumer<StoredRow> action) {
    int count =
        whileTrue(
            file,
            options,
            row -> {
              action.accept(row);
              return true;
            });
    if (count == 0) {
      throw InputException.in(file, "holds no rows");
    }
    return count;
  }

  /** The rows up to the first for which the predicate is false; returns their number. */
  static int whileTrue(Path file, RowOptions options, Predicate<StoredRow> predicate) {
    int count = 0;
    try (RowSource source = RowReader.open(file)) {
      for (RawRow row = source.next(); row != null; row = source.next()) {
        count = Math.addExact(count, 1);
        if (!predicate.test(new StoredRow(row, source.text(), options))) {
          break;
        }
      }
    }
    return count;
  }
}
