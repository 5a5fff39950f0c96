package dev.graft.data.view;

import dev.graft.InputException;
import dev.graft.data.RawRow;
import dev.graft.data.RowReader;
import dev.graft.data.RowSource;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Works on the rows of a file with several threads and hands the results on in the file's order.
 * Only a few megabytes of rows are in memory at a time, however long the file is.
 */
final class RowPipeline<T> implements AutoCloseable {
  private static final int BATCH_ROWS = 64;
  private static final long BATCH_CHARACTERS = 1 << 20;
  private static final long MOST_CHARACTERS = 8 << 20;

  private final int threads;
  private final ExecutorService pool;
  private final Function<RawRow, T> work;
  private final Deque<Sent<T>> pending = new ArrayDeque<>();
  private long inFlight;

  /** What became of a row: what the work made of it, or what is wrong with it. */
  record Outcome<T>(@Nullable T value, @Nullable InputException error) {}

  private record Sent<T>(Future<List<Outcome<T>>> results, long characters) {}

  /** A row, or what is wrong where one should be. */
  private record Read(@Nullable RawRow row, @Nullable InputException error) {}

  RowPipeline(int threads, Function<RawRow, T> work) {
    this.threads = threads;
    this.work = work;
    this.pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("rows-", 0).factory());
  }

  /** Works on a file; {@code stop} ends it early with the rows read so far. */
  void run(Path file, Consumer<Outcome<T>> sink, BooleanSupplier stop) {
    try (RowSource source = RowReader.open(file)) {
      List<Read> batch = new ArrayList<>();
      long characters = 0;
      for (Read read = read(source); read != null && !stop.getAsBoolean(); read = read(source)) {
        batch.add(read);
        characters += read.row() == null ? 0 : characters(read.row().fields());
        if (batch.size() == BATCH_ROWS || characters > BATCH_CHARACTERS) {
          send(batch, characters, sink);
          batch = new ArrayList<>();
          characters = 0;
        }
      }
      send(batch, characters, sink);
      while (!pending.isEmpty()) {
        receive(sink);
      }
    }
  }

  private static @Nullable Read read(RowSource source) {
    try {
      RawRow row = source.next();
      return row == null ? null : new Read(row, null);
    } catch (InputException e) {
      return new Read(null, e);
    }
  }

  private void send(List<Read> batch, long characters, Consumer<Outcome<T>> sink) {
    while (!pending.isEmpty()
        && (pending.size() > threads || inFlight + characters > MOST_CHARACTERS)) {
      receive(sink);
    }
    pending.add(
        new Sent<>(pool.submit(() -> batch.stream().map(this::apply).toList()), characters));
    inFlight += characters;
  }

  private Outcome<T> apply(Read read) {
    if (read.row() == null) {
      return new Outcome<>(null, read.error());
    }
    try {
      return new Outcome<>(work.apply(read.row()), null);
    } catch (InputException e) {
      return new Outcome<>(null, e);
    }
  }

  private void receive(Consumer<Outcome<T>> sink) {
    Sent<T> sent = pending.remove();
    inFlight -= sent.characters();
    try {
      sent.results().get().forEach(sink);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    }
  }

  /** About how much memory a value takes; readers bound how deeply it is nested. */
  private static long characters(@Nullable Object value) {
    return switch (value) {
      case String text -> text.length() + 16L;
      case Map<?, ?> map -> {
        long sum = 16;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          sum += 32 + characters(entry.getKey()) + characters(entry.getValue());
        }
        yield sum;
      }
      case List<?> list -> {
        long sum = 16;
        for (Object item : list) {
          sum += 8 + characters(item);
        }
        yield sum;
      }
      case null, default -> 16;
    };
  }

  @Override
  public void close() {
    pool.shutdownNow();
    pool.close();
  }
}
