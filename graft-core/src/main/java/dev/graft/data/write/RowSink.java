package dev.graft.data.write;

import dev.graft.data.write.RowShaper.Unrepresentable;
import java.io.IOException;
import java.util.Map;

/** Takes rows one after the other and writes them to a file. */
interface RowSink extends AutoCloseable {
  /**
   * Writes one row.
   *
   * @throws Unrepresentable where the file can't hold it; nothing of it is written then
   */
  void write(Map<String, Object> row) throws IOException, Unrepresentable;

  /** Writes what belongs behind the last row. */
  void finish() throws IOException;

  @Override
  default void close() throws IOException {}
}
