package dev.graft.data.arrange;

import dev.graft.InputException;
import dev.graft.data.RowOptions;
import dev.graft.engine.Random;
import dev.graft.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Samples of the rows of a file, nested: of one seed, a smaller sample lies within every larger
 * one.
 */
public final class Subsets {
  private static final long SALT = 0x5b5e7;

  private final List<byte[]> lines = new ArrayList<>();

  private Subsets() {}

  /**
   * Reads all rows of a file or folder, as they stand there.
   *
   * @throws InputException where one can't be read, or there is none
   */
  public static Subsets read(Path file, RowOptions options) {
    Subsets subsets = new Subsets();
    StoredRows.forEach(file, options, row -> subsets.lines.add(row.line()));
    return subsets;
  }

  /** Number of rows. */
  public int rows() {
    return lines.size();
  }

  /** Places of the rows in the order in which samples take them. */
  public int[] order(long seed) {
    int[] order = new int[lines.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    SplittableRandom random = new SplittableRandom(Random.seed(SALT, seed));
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int row = order[i];
      order[i] = order[other];
      order[other] = row;
    }
    return order;
  }

  /**
   * Writes the first {@code size} rows of the seed's order as JSON lines.
   *
   * @throws InputException where the file can't be written
   */
  public void write(Path target, long seed, int size) {
    int[] order = order(seed);
    try {
      AtomicFile.write(
          target,
          channel -> {
            for (int i = 0; i < size; i++) {
              ByteBuffer line = ByteBuffer.wrap(lines.get(order[i]));
              while (line.hasRemaining()) {
                channel.write(line);
              }
            }
          });
    } catch (IOException e) {
      throw InputException.unwritable(target, e);
    }
  }
}
