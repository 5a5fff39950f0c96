package dev.graft.data.read;

import dev.graft.InputException;
import dev.graft.data.RowSource;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Opens files and folders of data, whatever format they are in. */
public final class DataFiles {
  static final String KNOWN = ".jsonl, .json, .csv, .tsv, .parquet, .txt, .md";

  private DataFiles() {}

  /**
   * The rows of a file, or of the files of a folder one after the other.
   *
   * @throws InputException where it is not there or nothing that holds rows
   */
  public static RowSource open(Path path) {
    if (Files.isDirectory(path)) {
      return new FileSequence(DataFolder.files(path));
    }
    return openFile(path);
  }

  /**
   * The files that are read for a path, in their order: itself, or those of a folder.
   *
   * @throws InputException where a folder holds none
   */
  public static List<Path> files(Path path) {
    return Files.isDirectory(path) ? DataFolder.files(path) : List.of(path);
  }

  static RowSource openFile(Path file) {
    if (Files.exists(file) && !Files.isReadable(file)) {
      throw InputException.in(file, "can't be read: permission denied");
    }
    BufferedInputStream in = Compression.open(file);
    boolean handedOn = false;
    try {
      RowSource rows = open(file, in);
      handedOn = true;
      return rows;
    } catch (IOException e) {
      throw Failure.of(file, e);
    } finally {
      if (!handedOn) {
        Failure.close(in);
      }
    }
  }

  private static RowSource open(Path file, BufferedInputStream in) throws IOException {
    byte[] head = Magic.peek(in, Magic.HEAD);
    if (head.length == 0) {
      throw InputException.in(file, "is empty");
    }
    FileKind kind = FileKind.of(file, head);
    return switch (kind) {
      case PARQUET -> {
        in.close();
        yield ParquetRows.open(file);
      }
      case TEXT -> new TextFile(file, in);
      case COMMAS, TABS -> CsvRows.open(file, in, kind == FileKind.TABS);
      case JSON_LINES -> new JsonLines(file, in);
      case JSON -> JsonRows.open(file, in);
    };
  }
}
