package dev.graft.run;

import dev.graft.InputException;
import dev.graft.data.LossOn;
import dev.graft.data.RowOptions;
import dev.graft.data.view.DataStats;
import dev.graft.data.view.StatsReader;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/** One run of {@code graft data stats}: figures about files as one model sees them. */
public final class StatsRun {
  /**
   * What to count.
   *
   * @param model folder, GGUF file or Hub name
   * @param maxLength limit that batches are made with
   * @param threads how many encode at a time; 0 for one per core
   */
  public record Request(
      String model,
      List<Path> data,
      int maxLength,
      LossOn lossOn,
      int threads,
      RowOptions options) {}

  private StatsRun() {}

  /** Counts; {@code stop} ends it early with the rows done. */
  public static DataStats run(Request request, RunListener listener, BooleanSupplier stop) {
    int threads =
        request.threads() > 0 ? request.threads() : Runtime.getRuntime().availableProcessors();
    try (BaseModel base = BaseModel.open(request.model(), listener::download)) {
      StatsReader reader =
          new StatsReader(
              Examples.encoder(base, request.lossOn()),
              request.maxLength(),
              threads,
              request.options());
      for (Path file : request.data()) {
        long before = reader.stats().rows();
        reader.read(file, rows -> listener.progress("counted " + rows + " rows"), stop);
        if (reader.stats().rows() == before && !stop.getAsBoolean()) {
          throw InputException.in(file, "holds no rows");
        }
      }
      DataStats stats = reader.stats();
      if (stats.rows() > 0 && stats.unusable() == stats.rows()) {
        throw new InputException("no row can be used; the first: " + stats.errors().getFirst());
      }
      return stats;
    }
  }
}
