package dev.graft.data.view;

import dev.graft.InputException;
import dev.graft.data.RawRow;
import dev.graft.data.Row;
import dev.graft.data.RowEncoder;
import dev.graft.data.RowOptions;
import dev.graft.data.RowReader;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/** Counts the rows of files as a model sees them. */
public final class StatsReader {
  private static final int PROGRESS_ROWS = 1000;

  private final RowEncoder encoder;
  private final RowOptions options;
  private final DataStats stats;
  private final int threads;

  /**
   * A reader.
   *
   * @param maxLength limit that batches are made with
   * @param threads how many encode at a time
   * @param options how rows are understood
   */
  public StatsReader(RowEncoder encoder, int maxLength, int threads, RowOptions options) {
    this.options = options;
    this.encoder = encoder;
    this.stats = new DataStats(maxLength);
    this.threads = threads;
  }

  /**
   * Adds the rows of a file; one that can't be used is counted as such.
   *
   * @param progress told now and then how many rows are done
   * @param stop ends it early
   * @throws InputException where the file can't be read
   */
  public void read(Path file, LongConsumer progress, BooleanSupplier stop) {
    try (RowPipeline<List<RowFigures>> pipeline = new RowPipeline<>(threads, this::figures)) {
      pipeline.run(
          file,
          outcome -> {
            if (outcome.value() != null) {
              stats.add(outcome.value());
            } else if (outcome.error() != null) {
              stats.addUnusable(outcome.error());
            }
            if (stats.rows() % PROGRESS_ROWS == 0) {
              progress.accept(stats.rows());
            }
          },
          stop);
    }
  }

  private List<RowFigures> figures(RawRow raw) {
    Row row = RowReader.parse(raw, options);
    try {
      return switch (row) {
        case Row.Preference preference ->
            List.of(figures(preference.chosen()), figures(preference.rejected()));
        case Row.Feedback feedback -> List.of(figures(feedback.answered()));
        default -> List.of(figures(row));
      };
    } catch (InputException e) {
      throw InputException.at(raw.file(), raw.line(), String.valueOf(e.getMessage()));
    }
  }

  private RowFigures figures(Row row) {
    return stats.figures(encoder.encode(row));
  }

  /** The figures so far. */
  public DataStats stats() {
    return stats;
  }
}
