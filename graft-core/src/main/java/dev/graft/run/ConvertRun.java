package dev.graft.run;

import dev.graft.InputException;
import dev.graft.data.DataFormat;
import dev.graft.data.RawRow;
import dev.graft.data.Row;
import dev.graft.data.RowOptions;
import dev.graft.data.RowReader;
import dev.graft.data.RowSource;
import dev.graft.data.write.DataWriter;
import dev.graft.data.write.RowShaper;
import dev.graft.io.OutputPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One run of {@code graft data convert}: rows of one format and layout to another, streamed. */
public final class ConvertRun {
  private static final int SHOWN_EVERY = 10_000;

  private final Request request;
  private final RunListener listener;
  private final BooleanSupplier stop;
  private final DataWriter writer;
  private long read;
  private long written;
  private long skipped;
  private @Nullable String firstSkipped;

  /**
   * What to convert.
   *
   * @param input file or folder
   * @param output file; its name says in which format
   * @param to layout of the rows; empty to keep each row's, in tables that of the first row
   * @param skip whether to go on behind rows that can't be read or written
   */
  public record Request(
      Path input, Path output, Optional<DataFormat> to, RowOptions options, boolean skip) {}

  /**
   * What came of it.
   *
   * @param read rows of the input, those skipped among them
   * @param written rows of the output
   * @param skipped rows left out
   * @param firstSkipped why the first of them was; empty for none
   * @param stopped whether it was stopped, and so nothing was written
   */
  public record Result(
      long read, long written, long skipped, Optional<String> firstSkipped, boolean stopped) {}

  private ConvertRun(Request request, RunListener listener, BooleanSupplier stop) {
    this.request = request;
    this.listener = listener;
    this.stop = stop;
    this.writer = DataWriter.to(request.output());
  }

  /** Converts. */
  public static Result run(Request request, RunListener listener, BooleanSupplier stop)
      throws IOException {
    OutputPath.checkFile(request.output(), List.of(request.input()));
    return new ConvertRun(request, listener, stop).run();
  }

  /** Ends the writing without a file. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private Result run() throws IOException {
    try (RowSource source = RowReader.open(request.input())) {
      Shaped first = next(source);
      if (first == null) {
        throw InputException.in(
            request.input(), skipped == 0 ? "holds no rows" : "every row is left out");
      }
      DataFormat format = request.to().orElseGet(() -> RowShaper.natural(first.row()));
      writer.write(format, rows -> writeAll(source, first, format, rows));
    } catch (Stopped e) {
      return result(true);
    } catch (IOException e) {
      throw InputException.unwritable(request.output(), e);
    }
    return result(false);
  }

  private Result result(boolean stopped) {
    return new Result(read, written, skipped, Optional.ofNullable(firstSkipped), stopped);
  }

  /** A row and where it stands. */
  private record Shaped(RawRow raw, Row row) {}

  private void writeAll(RowSource source, Shaped first, DataFormat format, DataWriter.Rows rows)
      throws IOException {
    for (Shaped row = first; row != null; row = next(source)) {
      DataFormat to =
          request.to().isPresent() || writer.isTable() ? format : RowShaper.natural(row.row());
      try {
        for (Map<String, Object> shaped : new RowShaper(to).shape(row.row())) {
          rows.write(shaped);
          written++;
        }
      } catch (RowShaper.Unrepresentable e) {
        skipOrThrow(
            InputException.at(
                row.raw().file(),
                row.raw().line(),
                "can't be written as " + to.word() + ": " + e.getMessage()));
      }
    }
    if (written == 0) {
      throw InputException.in(request.input(), "every row is left out: " + firstSkipped);
    }
  }

  /** The next row that can be read, or null at the end. */
  private @Nullable Shaped next(RowSource source) {
    while (true) {
      if (stop.getAsBoolean()) {
        throw new Stopped();
      }
      try {
        RawRow raw = source.next();
        if (raw == null) {
          return null;
        }
        Shaped row = new Shaped(raw, RowReader.parse(raw, request.options()));
        count();
        return row;
      } catch (InputException e) {
        count();
        if (request.skip() && source.isCutShort()) {
          throw new InputException(
              e.getMessage() + "; --skip leaves out rows, not the rest of a file", e);
        }
        skipOrThrow(e);
      }
    }
  }

  private void count() {
    read++;
    if (read % SHOWN_EVERY == 0) {
      listener.progress("read " + read + " rows");
    }
  }

  private void skipOrThrow(InputException e) {
    if (!request.skip()) {
      throw e;
    }
    skipped++;
    if (firstSkipped == null) {
      firstSkipped = e.getMessage();
    }
  }
}
