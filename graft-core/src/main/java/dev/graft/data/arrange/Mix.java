package dev.graft.data.arrange;

import dev.graft.InputException;
import dev.graft.data.RawRow;
import dev.graft.data.RowOptions;
import dev.graft.data.RowReader;
import dev.graft.data.duplicates.ExactTexts;
import dev.graft.engine.Random;
import dev.graft.io.AtomicFile;
import dev.graft.io.OutputPath;
import dev.graft.io.Scratch;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Puts a data set together from several by weights, shuffled; such as a task's rows with a part of
 * general ones, against forgetting.
 *
 * <p>Memory is about 40 bytes a row: rows wait on disk beside the output.
 */
public final class Mix {
  private Mix() {}

  /** A source, and its weight among the others. */
  public record Source(Path file, double weight) {}

  /**
   * What to mix.
   *
   * @param rows of the result; empty for as many as there are without repeating any
   * @param options how rows are understood, which are written as they stand
   * @param repeat whether a source with too few rows may be gone through several times
   */
  public record Request(
      Path output,
      List<Source> sources,
      OptionalLong rows,
      RowOptions options,
      long seed,
      boolean repeat,
      boolean overwrite) {
    public Request {
      sources = List.copyOf(sources);
    }
  }

  /**
   * What was taken of a source.
   *
   * @param rows that it has
   * @param taken rows of it in the result
   */
  public record Taken(Path file, long rows, long taken) {
    /** How often each row is there, on average. */
    public double epochs() {
      return (double) taken / rows;
    }
  }

  /**
   * What became of it.
   *
   * @param repeated rows whose texts stand in an earlier source already
   */
  public record Result(List<Taken> sources, long rows, long repeated) {}

  /**
   * Mixes.
   *
   * @throws InputException where something is wrong with a source, or the output is in the way or
   *     can't be written
   */
  public static Result run(Request request) {
    OutputPath.checkFile(request.output(), request.sources().stream().map(Source::file).toList());
    if (Files.exists(request.output()) && !request.overwrite()) {
      throw InputException.in(request.output(), "exists; choose another file, or --overwrite it");
    }
    Survey survey = survey(request);
    long[] taken = taken(request, survey.sizes);
    Path rows = Scratch.use(AtomicFile.aside(request.output().toAbsolutePath()));
    try {
      Files.createDirectories(rows.resolveSibling("."));
      try {
        shuffle(request, rows, collect(request, rows, survey.sizes, taken));
      } finally {
        Scratch.delete(rows);
      }
    } catch (IOException e) {
      throw InputException.unwritable(request.output(), e);
    }
    List<Taken> sources = new ArrayList<>();
    for (int i = 0; i < taken.length; i++) {
      sources.add(new Taken(request.sources().get(i).file(), survey.sizes[i], taken[i]));
    }
    return new Result(sources, Arrays.stream(taken).sum(), survey.repeated);
  }

  private record Survey(long[] sizes, long repeated) {}

  /** Counts the rows, and sees that they are of one kind. */
  private static Survey survey(Request request) {
    List<Source> sources = request.sources();
    long[] sizes = new long[sources.size()];
    Kinds kinds = new Kinds(request.options());
    ExactTexts texts = new ExactTexts();
    long[] repeated = {0};
    for (int i = 0; i < sizes.length; i++) {
      Path file = sources.get(i).file();
      int before = texts.size();
      sizes[i] =
          StoredRows.forEach(
              file,
              request.options(),
              row -> {
                kinds.check(row.raw());
                int same = texts.add(row.everything());
                repeated[0] += same >= 0 && same < before ? 1 : 0;
              });
    }
    return new Survey(sizes, repeated[0]);
  }

  /** Sees that all rows are of the kind of the first. */
  private static final class Kinds {
    private final RowOptions options;
    private @Nullable RawRow first;
    private @Nullable Class<?> kind;

    Kinds(RowOptions options) {
      this.options = options;
    }

    void check(RawRow raw) {
      Class<?> own = RowReader.parse(raw, options).getClass();
      if (first == null) {
        first = raw;
        kind = own;
      } else if (kind != own) {
        throw InputException.at(
            raw.file(),
            raw.line(),
            "is of another kind than "
                + first.file()
                + ":"
                + first.line()
                + "; bring them into one layout first (graft data convert)");
      }
    }
  }

  private static long[] taken(Request request, long[] sizes) {
    double sum = request.sources().stream().mapToDouble(Source::weight).sum();
    double most = Double.MAX_VALUE;
    for (int i = 0; i < sizes.length; i++) {
      most = Math.min(most, sizes[i] * sum / request.sources().get(i).weight());
    }
    long total = request.rows().orElse((long) Math.floor(most + 1e-9));
    long[] parts = new long[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      parts[i] = Math.round(request.sources().get(i).weight() / sum * 1_000_000_000L);
    }
    long[] taken = Allotment.shares(total, parts);
    for (int i = 0; i < sizes.length; i++) {
      Path file = request.sources().get(i).file();
      if (taken[i] == 0) {
        throw InputException.in(
            file, "would give no row to " + total + " rows; ask for more with --rows, or leave it");
      }
      if (taken[i] > sizes[i] && !request.repeat()) {
        throw InputException.in(
            file,
            "has "
                + sizes[i]
                + " rows, but "
                + taken[i]
                + " are wanted; without --no-repeat"
                + " it would be gone through more than once");
      }
    }
    return taken;
  }

  /** How often each row of a source is taken: all the same number of times, and some once more. */
  private static int[] copies(long size, long taken, long seed) {
    int[] copies = new int[Math.toIntExact(size)];
    Arrays.fill(copies, Math.toIntExact(taken / size));
    for (int row : Permutation.of(copies.length, seed, Math.toIntExact(taken % size))) {
      copies[row]++;
    }
    return copies;
  }

  /** Writes the rows that are taken one behind the other; returns where each begins. */
  private static long[] collect(Request request, Path rows, long[] sizes, long[] taken)
      throws IOException {
    long[] starts = new long[Math.toIntExact(Arrays.stream(taken).sum()) + 1];
    int[] at = {0};
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(rows), 1 << 16)) {
      for (int i = 0; i < sizes.length; i++) {
        int[] copies = copies(sizes[i], taken[i], Random.seed(request.seed(), i));
        int[] row = {0};
        StoredRows.forEach(
            request.sources().get(i).file(),
            request.options(),
            stored -> {
              byte[] line = row[0] < copies.length && copies[row[0]] > 0 ? stored.line() : null;
              for (int c = 0; line != null && c < copies[row[0]]; c++) {
                try {
                  out.write(line);
                } catch (IOException e) {
                  throw InputException.unwritable(request.output(), e);
                }
                starts[at[0] + 1] = starts[at[0]] + line.length;
                at[0]++;
              }
              row[0]++;
            });
      }
    }
    if (at[0] + 1 != starts.length) {
      throw new InputException("a source changed while it was read");
    }
    return starts;
  }

  private static void shuffle(Request request, Path rows, long[] starts) throws IOException {
    int count = starts.length - 1;
    int[] order = Permutation.of(count, Random.seed(request.seed(), -1), count);
    try (FileChannel from = FileChannel.open(rows, StandardOpenOption.READ)) {
      AtomicFile.write(
          request.output(),
          channel -> {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            for (int row : order) {
              ByteBuffer line = ByteBuffer.allocate((int) (starts[row + 1] - starts[row]));
              while (line.hasRemaining()) {
                if (from.read(line, starts[row] + line.position()) < 0) {
                  throw new IOException("what was written aside is gone");
                }
              }
              out.write(line.array());
            }
            out.flush();
          });
    }
  }

  /** Seeded permutations. */
  private static final class Permutation {
    private Permutation() {}

    /** The first {@code count} of the numbers below {@code size}, shuffled. */
    static int[] of(int size, long seed, int count) {
      int[] numbers = new int[size];
      for (int i = 0; i < size; i++) {
        numbers[i] = i;
      }
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < count; i++) {
        int j = i + random.nextInt(size - i);
        int swap = numbers[i];
        numbers[i] = numbers[j];
        numbers[j] = swap;
      }
      return Arrays.copyOf(numbers, count);
    }
  }
}
