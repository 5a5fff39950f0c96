package dev.graft.data.arrange;

import dev.graft.InputException;
import dev.graft.data.Row;
import dev.graft.data.RowReader;
import dev.graft.data.duplicates.NearDuplicates;
import dev.graft.engine.Random;
import dev.graft.io.AtomicFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * Puts a data set together from several by weights, shuffled; such as a task's rows with a part of
 * general ones, against forgetting.
 */
public final class Mix {
  private Mix() {}

  /** A source, and its weight among the others. */
  public record Source(Path file, double weight) {}

  /**
   * What to mix.
   *
   * @param rows of the result; empty for as many as there are without repeating any
   * @param repeat whether a source with too few rows may be gone through several times
   */
  public record Request(
      Path output,
      List<Source> sources,
      OptionalLong rows,
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
   * @throws InputException where something is wrong with a source, or a file is in the way
   */
  public static Result run(Request request) throws IOException {
    if (Files.exists(request.output()) && !request.overwrite()) {
      throw InputException.in(request.output(), "exists; choose another file, or --overwrite it");
    }
    Survey survey = survey(request.sources());
    long[] taken = taken(request, survey.sizes);
    Path folder = request.output().toAbsolutePath().getParent();
    if (folder == null) {
      throw InputException.in(request.output(), "is no name of a file");
    }
    Files.createDirectories(folder);
    Path rows = Files.createTempFile(folder, "." + request.output().getFileName() + ".", ".tmp");
    try {
      shuffle(request, rows, collect(request, rows, survey.sizes, taken));
    } catch (UncheckedIOException e) {
      throw InputException.in(request.output(), "cannot be written: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(rows);
    }
    List<Taken> sources = new ArrayList<>();
    long total = 0;
    for (int i = 0; i < taken.length; i++) {
      sources.add(new Taken(request.sources().get(i).file(), survey.sizes[i], taken[i]));
      total += taken[i];
    }
    return new Result(sources, total, survey.repeated);
  }

  private record Survey(long[] sizes, long repeated) {}

  /** Counts the rows, and sees that they are of one kind. */
  private static Survey survey(List<Source> sources) {
    long[] sizes = new long[sources.size()];
    NearDuplicates texts = new NearDuplicates(1);
    long[] repeated = {0};
    Row[] first = new Row[1];
    Path[] firstFile = new Path[1];
    for (int i = 0; i < sizes.length; i++) {
      Path file = sources.get(i).file();
      int before = texts.size();
      sizes[i] =
          RawRows.forEach(
              file,
              raw -> {
                Row row = RowReader.parse(raw);
                if (first[0] == null) {
                  first[0] = row;
                  firstFile[0] = file;
                } else if (!first[0].getClass().equals(row.getClass())) {
                  throw InputException.at(
                      file,
                      row.line(),
                      "is of another kind than the rows of "
                          + firstFile[0]
                          + "; bring them into one format first (graft data convert)");
                }
                NearDuplicates.Match match = texts.add(RawRows.text(raw));
                boolean same = match.kind() == NearDuplicates.Kind.EXACT;
                repeated[0] += same && texts.cluster(match.other()) < before ? 1 : 0;
              });
    }
    return new Survey(sizes, repeated[0]);
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
    java.util.Arrays.fill(copies, Math.toIntExact(taken / size));
    for (int row : Permutation.of(copies.length, seed, Math.toIntExact(taken % size))) {
      copies[row]++;
    }
    return copies;
  }

  /** Writes the rows that are taken one behind the other; returns where each begins. */
  private static long[] collect(Request request, Path rows, long[] sizes, long[] taken)
      throws IOException {
    long[] starts = new long[Math.toIntExact(java.util.Arrays.stream(taken).sum()) + 1];
    int[] at = {0};
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(rows), 1 << 16)) {
      for (int i = 0; i < sizes.length; i++) {
        int[] copies = copies(sizes[i], taken[i], Random.seed(request.seed(), i));
        int[] row = {0};
        RawRows.forEach(
            request.sources().get(i).file(),
            raw -> {
              byte[] line = row[0] < copies.length && copies[row[0]] > 0 ? RawRows.line(raw) : null;
              for (int c = 0; line != null && c < copies[row[0]]; c++) {
                write(out, line);
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

  private static void write(OutputStream out, byte[] line) {
    try {
      out.write(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void shuffle(Request request, Path rows, long[] starts) throws IOException {
    int count = starts.length - 1;
    int[] order = Permutation.of(count, Random.seed(request.seed(), -1), count);
    try (FileChannel from = FileChannel.open(rows, StandardOpenOption.READ)) {
      AtomicFile.write(
          request.output(),
          channel -> {
            OutputStream out =
                new BufferedOutputStream(java.nio.channels.Channels.newOutputStream(channel));
            for (int row : order) {
              ByteBuffer line = ByteBuffer.allocate((int) (starts[row + 1] - starts[row]));
              while (line.hasRemaining()) {
                from.read(line, starts[row] + line.position());
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
      return java.util.Arrays.copyOf(numbers, count);
    }
  }
}
