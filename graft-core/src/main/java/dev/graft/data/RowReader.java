package dev.graft.data;

import dev.graft.InputException;
import dev.graft.data.read.DataFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads rows of files and folders of data: JSON lines, JSON, CSV, TSV, Parquet and plain text, also
 * compressed by gzip or zstd. The layouts of rows are those of {@link DataFormat}.
 */
public final class RowReader {
  private RowReader() {}

  /**
   * The rows of a file, or of a folder's files one after the other, as they stand there.
   *
   * @throws InputException where it can't be opened, or is nothing that holds rows
   */
  public static RowSource open(Path path) {
    return DataFiles.open(path);
  }

  /**
   * The files that {@link #open} reads, in their order: the path itself, or those of a folder.
   *
   * @throws InputException where a folder holds none
   */
  public static List<Path> files(Path path) {
    return DataFiles.files(path);
  }

  /** Recognises the layout of a row by its keys. */
  public static Row parse(RawRow row) {
    return parse(row, RowOptions.DEFAULT);
  }

  /**
   * Understands a row.
   *
   * @throws InputException naming file, line and key of what is wrong with it
   */
  public static Row parse(RawRow row, RowOptions options) {
    return new RowParser(new RowFields(row, options.mapping())).parse(options.format());
  }

  /** All rows of a file or folder, in order. */
  public static List<Row> read(Path path) {
    return read(path, RowOptions.DEFAULT);
  }

  /** All rows of a file or folder, in order. */
  public static List<Row> read(Path path, RowOptions options) {
    List<Row> rows = new ArrayList<>();
    try (RowSource source = open(path)) {
      for (RawRow row = source.next(); row != null; row = source.next()) {
        rows.add(parse(row, options));
      }
    }
    if (rows.isEmpty()) {
      throw InputException.in(path, "holds no rows");
    }
    return rows;
  }
}
