package dev.graft.data;

import org.jspecify.annotations.Nullable;

/** The rows of a data set one after the other, in memory that does not grow with their number. */
public interface RowSource extends AutoCloseable {
  /**
   * The next row, or null at the end.
   *
   * @throws dev.graft.InputException where a row can't be read; calling again goes on behind it, or
   *     returns null where nothing behind it can be read
   */
  @Nullable RawRow next();

  /**
   * Whether what {@link #next} threw last leaves the rest of a file unread, so that more than one
   * row may be missing.
   */
  default boolean isCutShort() {
    return false;
  }

  /** The text of the row that came last, where its file holds a row of JSON a line; else null. */
  default @Nullable String text() {
    return null;
  }

  @Override
  void close();
}
