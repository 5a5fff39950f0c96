package dev.graft.data.write;

import com.github.luben.zstd.ZstdOutputStream;
import dev.graft.InputException;
import dev.graft.data.DataFormat;
import dev.graft.data.write.RowShaper.Unrepresentable;
import dev.graft.io.AtomicFile;
import dev.graft.io.ScratchFolder;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Writes a file of rows aside and renames it into place; its name says in which format. */
public final class DataWriter {
  private static final int BUFFER = 1 << 16;

  private final Path target;
  private final String kind;
  private final String compression;

  private DataWriter(Path target, String kind, String compression) {
    this.target = target;
    this.kind = kind;
    this.compression = compression;
  }

  /** Takes rows. */
  @FunctionalInterface
  public interface Rows {
    /**
     * Takes one row.
     *
     * @throws Unrepresentable where the file can't hold it; nothing of it is written then
     */
    void write(Map<String, Object> row) throws IOException, Unrepresentable;
  }

  /** Gives rows, one after the other. */
  @FunctionalInterface
  public interface Source {
    void writeTo(Rows rows) throws IOException;
  }

  /**
   * A writer.
   *
   * @throws InputException where the name does not say what to write
   */
  public static DataWriter to(Path target) {
    String name = String.valueOf(target.getFileName()).toLowerCase(Locale.ROOT);
    String compression = "";
    for (String ending : List.of(".gz", ".zst")) {
      if (name.endsWith(ending)) {
        compression = ending;
        name = name.substring(0, name.length() - ending.length());
      }
    }
    String kind = name.substring(name.lastIndexOf('.') + 1);
    if (!List.of("jsonl", "ndjson", "json", "csv", "tsv", "parquet").contains(kind)
        || (kind.equals("parquet") && !compression.isEmpty())) {
      throw InputException.in(
          target,
          "its name does not say what to write; known are .jsonl, .json, .csv and .tsv, also with"
              + " .gz or .zst, and .parquet");
    }
    return new DataWriter(target, kind, compression);
  }

  /** Whether every row must have the same layout. */
  public boolean isTable() {
    return List.of("csv", "tsv", "parquet").contains(kind);
  }

  /** Writes the file; leaves nothing behind where that fails. */
  public void write(DataFormat format, Source source) throws IOException {
    if (kind.equals("parquet")) {
      writeParquet(format, source);
      return;
    }
    AtomicFile.write(
        target,
        channel -> {
          try (OutputStream out = compressed(new BufferedOutputStream(new Open(channel), BUFFER));
              RowSink sink = sink(out, format)) {
            source.writeTo(sink::write);
            sink.finish();
          }
        });
  }

  private OutputStream compressed(OutputStream out) throws IOException {
    return switch (compression) {
      case ".gz" -> new GZIPOutputStream(out, BUFFER);
      case ".zst" -> new ZstdOutputStream(out);
      default -> out;
    };
  }

  private RowSink sink(OutputStream out, DataFormat format) {
    return switch (kind) {
      case "json" -> new TextSink.Array(out);
      case "csv" -> new TextSink.Table(out, TableColumns.of(format), ',');
      case "tsv" -> new TextSink.Table(out, TableColumns.of(format), '\t');
      default -> new TextSink.Lines(out);
    };
  }

  private void writeParquet(DataFormat format, Source source) throws IOException {
    Path parent = target.toAbsolutePath().getParent();
    if (parent == null) {
      throw InputException.in(target, "is no name of a file");
    }
    try (ScratchFolder aside = ScratchFolder.in(parent)) {
      Path file = aside.path().resolve("rows.parquet");
      try (RowSink sink = new ParquetSink(aside.path(), file, format)) {
        source.writeTo(sink::write);
        sink.finish();
      }
      AtomicFile.write(target, channel -> copy(file, channel));
    }
  }

  private static void copy(Path file, FileChannel target) throws IOException {
    try (FileChannel from = FileChannel.open(file)) {
      long at = 0;
      while (at < from.size()) {
        at += from.transferTo(at, from.size() - at, target);
      }
    }
  }

  /** The channel is forced to disk after the stream ends, and so must not be closed by it. */
  private static final class Open extends FilterOutputStream {
    Open(FileChannel channel) {
      super(Channels.newOutputStream(channel));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() {}
  }
}
