package dev.graft.data;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Turns the rows of a file into examples: encodes them and cuts what is too long. */
public final class ExampleSource {
  private final RowEncoder encoder;
  private final int maxLength;
  private final RowOptions options;

  /**
   * A source of examples for one model, from rows that their keys tell all about.
   *
   * @param maxLength longest example in tokens
   */
  public ExampleSource(RowEncoder encoder, int maxLength) {
    this(encoder, maxLength, RowOptions.DEFAULT);
  }

  /**
   * A source of examples for one model.
   *
   * @param maxLength longest example in tokens
   * @param options how rows are understood
   */
  public ExampleSource(RowEncoder encoder, int maxLength, RowOptions options) {
    this.encoder = encoder;
    this.maxLength = maxLength;
    this.options = options;
  }

  /**
   * What became of a file.
   *
   * @param examples those with something to learn
   * @param cut how many of them lost their end to the length limit
   * @param dropped lines of rows of which the limit left nothing to learn
   */
  public record Loaded(List<Example> examples, int cut, List<Long> dropped) {}

  /** Reads and encodes a file, or the files of a folder. */
  public Loaded load(Path path) {
    Collector collector = collector(path);
    long rows = 0;
    try (RowSource source = RowReader.open(path)) {
      for (RawRow raw = source.next(); raw != null; raw = source.next()) {
        rows++;
        Row row = RowReader.parse(raw, options);
        collector.add(raw.file(), encodeRow(raw.file(), row));
      }
    }
    if (rows == 0) {
      throw InputException.in(path, "holds no rows");
    }
    return collector.loaded();
  }

  /** Encodes one row of a file. */
  public Example encode(Path file, Row row) {
    return example(file, encodeRow(file, row), maxLength);
  }

  private EncodedRow encodeRow(Path file, Row row) {
    try {
      return encoder.encode(row);
    } catch (InputException e) {
      throw InputException.at(file, row.line(), String.valueOf(e.getMessage()));
    }
  }

  private static Example example(Path file, EncodedRow row, int maxLength) {
    if (!row.turns().isEmpty() && row.turns().getLast().endOfTurnMissing()) {
      throw InputException.at(
          file,
          row.row().line(),
          "the chat template puts no end-of-turn token behind the answer, so the model would"
              + " never learn to stop");
    }
    return row.example(maxLength);
  }

  /** Makes examples of rows of a file or folder that somebody else encodes. */
  public Collector collector(Path path) {
    return new Collector(path, maxLength);
  }

  /** Makes examples of the encoded rows of a file, one after the other. */
  public static final class Collector {
    private final Path path;
    private final int maxLength;
    private final List<Example> examples = new ArrayList<>();
    private final List<Long> dropped = new ArrayList<>();
    private int cut;

    private Collector(Path path, int maxLength) {
      this.path = path;
      this.maxLength = maxLength;
    }

    /**
     * Takes a row.
     *
     * @param file the file it stands in
     * @throws InputException where it teaches nothing, or never teaches to stop
     */
    public void add(Path file, EncodedRow row) {
      Example example = example(file, row, maxLength);
      if (example.tokens().learntTokens() > 0) {
        examples.add(example);
        cut += example.cut() ? 1 : 0;
      } else if (example.cut()) {
        dropped.add(row.row().line());
      } else {
        throw InputException.at(file, row.row().line(), "has nothing to learn in it");
      }
    }

    /**
     * What became of the rows.
     *
     * @throws InputException where no row is left
     */
    public Loaded loaded() {
      if (examples.isEmpty()) {
        throw InputException.in(
            path, "every row is longer than --max-length before anything to learn comes");
      }
      return new Loaded(examples, cut, dropped);
    }
  }
}
