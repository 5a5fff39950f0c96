package dev.graft.data;

import java.util.SplittableRandom;

/**
 * The order of examples: every epoch a shuffle of its own that depends only on the seed and the
 * epoch, so that a run can go on anywhere knowing no more than its place.
 */
public final class EpochOrder {
  private final int size;
  private final long seed;
  private long epoch = -1;
  private int[] order = new int[0];

  public EpochOrder(int size, long seed) {
    if (size < 1) {
      throw new IllegalArgumentException("there are no examples");
    }
    this.size = size;
    this.seed = seed;
  }

  /**
   * Place in the data.
   *
   * @param epoch counted from zero
   * @param next next position in the epoch, or in the block of a stream
   * @param file file where the block of a stream begins; 0 where there are none
   * @param piece pieces of that file before the block
   */
  public record Cursor(long epoch, int next, int file, long piece) {
    /** The beginning. */
    public static final Cursor START = new Cursor(0, 0);

    /** A place in data without blocks, or at the beginning of an epoch. */
    public Cursor(long epoch, int next) {
      this(epoch, next, 0, 0);
    }
  }

  /** Whether there is such a place in the data. */
  public boolean contains(Cursor cursor) {
    boolean blocks = cursor.file() != 0 || cursor.piece() != 0;
    return !blocks && cursor.epoch() >= 0 && cursor.next() >= 0 && cursor.next() < size;
  }

  /** Number of batches in an epoch; the last one may be smaller, none is dropped. */
  public long batchesPerEpoch(int batchSize) {
    return (size + batchSize - 1L) / batchSize;
  }

  /** Examples of the next batch, which never reaches beyond its epoch. */
  public int[] batch(Cursor cursor, int batchSize) {
    shuffle(cursor.epoch());
    int end = (int) Math.min(size, cursor.next() + (long) batchSize);
    return java.util.Arrays.copyOfRange(order, cursor.next(), end);
  }

  /** The place after a batch of {@code count} examples. */
  public Cursor after(Cursor cursor, int count) {
    int next = cursor.next() + count;
    return next >= size ? new Cursor(cursor.epoch() + 1, 0) : new Cursor(cursor.epoch(), next);
  }

  private void shuffle(long wanted) {
    if (wanted == epoch) {
      return;
    }
    epoch = wanted;
    order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    SplittableRandom random =
        new SplittableRandom(dev.graft.engine.Random.seed(seed, wanted, size));
    for (int i = size - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
  }
}
