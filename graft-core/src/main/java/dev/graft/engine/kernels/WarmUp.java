package dev.graft.engine.kernels;

import java.lang.foreign.Arena;

/**
 * Runs every kernel on small data until the optimizing compiler has taken it: before, vectors are
 * objects and loops a hundred times slower.
 */
public final class WarmUp {
  private static final int ROWS = 64;
  private static final int WIDTH = 512;

  /** Some that are multiplied together and one alone. */
  private static final int GROUP = 5;

  private static final int ROUNDS = 80;
  private static final long MOST_NANOS = 5_000_000_000L;

  /** How many times faster than the first a round is once everything is compiled; then some. */
  private static final int SPEED_UP = 500;

  private WarmUp() {}

  /**
   * Takes one to two seconds of processor time.
   *
   * @param generation whether to run what only generation takes, too
   */
  public static void run(boolean generation) {
    try (Arena arena = Arena.ofConfined()) {
      // Zeros: their values don't matter, and no branch depends on them.
      long bytes = 2L * ROWS * WIDTH;
      Places at = new Places(arena.allocate(4 * bytes).address(), bytes);
      long begin = System.nanoTime();
      long first = round(at, 0, generation);
      int fast = 0;
      for (int round = 1; round < ROUNDS && fast < 2; round++) {
        fast = round(at, round, generation) < first / SPEED_UP ? fast + 1 : 0;
        if (System.nanoTime() - begin > MOST_NANOS) {
          return;
        }
      }
    }
  }

  private static long round(Places at, int round, boolean generation) {
    long begin = System.nanoTime();
    rows(at);
    attention(at, round % 4 == 0 ? WIDTH / 16 : 0);
    if (generation) {
      steps(at);
    }
    return System.nanoTime() - begin;
  }

  /** Four places for matrices. */
  private record Places(long start, long bytes) {
    Matrix matrix(int place, int columns) {
      int rows = (int) (bytes / 2 / columns);
      return new Matrix(start + place * bytes, rows, columns, columns);
    }
  }

  private static void rows(Places at) {
    Matrix a = at.matrix(0, WIDTH);
    Matrix b = at.matrix(1, WIDTH);
    Matrix c = at.matrix(2, WIDTH);
    long weight = at.matrix(3, WIDTH).row(0);
    long inverse = at.matrix(3, WIDTH).row(1);
    RmsNormKernel.forward(a, weight, b, inverse, 1e-5);
    RmsNormKernel.backward(b, new RmsNormKernel.Tape(a, weight, inverse), c, c);
    RowKernel.add(a, b, c);
    RowKernel.accumulate(a.row(0), c.row(0), (long) ROWS / 2 * WIDTH);
    Matrix half = at.matrix(1, WIDTH / 2);
    Matrix narrow = new Matrix(half.address(), ROWS, WIDTH / 2, WIDTH / 2);
    SwigluKernel.forward(a, narrow);
    SwigluKernel.backward(narrow, a);
    CrossEntropyKernel.apply(c, new long[ROWS], 1);
    long numbers = at.matrix(0, WIDTH).address();
    AdamWKernel.update(
        new AdamWKernel.Operands(numbers, numbers, numbers, numbers),
        new AdamWKernel.Factors(1, 0, 1, 0, 1, 1, 0),
        (long) ROWS / 2 * WIDTH);
    if (TileKernel.fits()) {
      tiles(at);
    }
  }

  private static void tiles(Places at) {
    Matrix a = at.matrix(0, WIDTH);
    TileKernel.Packed packed = new TileKernel.Packed(at.matrix(1, WIDTH).address(), ROWS, WIDTH);
    TileKernel.put(a, packed);
    TileKernel.Packed turned = new TileKernel.Packed(packed.address(), WIDTH, ROWS);
    TileKernel.putTransposed(a, turned, 0);
    long sums = at.matrix(2, WIDTH).address();
    TileKernel.round(sums, WIDTH, a.rows(0, ROWS / 2));
    Matrix narrow = at.matrix(0, ROWS);
    TurnKernel.transpose(narrow.rows(0, WIDTH), a);
    TurnKernel.round(sums, WIDTH, narrow.rows(0, WIDTH / 2));
    GradientKernel.Sums gradient = new GradientKernel.Sums(sums, ROWS / 4, WIDTH / 2, WIDTH / 2);
    GradientKernel.add(gradient, at.matrix(0, WIDTH).address(), WIDTH / 2);
    GradientKernel.addTransposed(gradient, 1, at.matrix(0, WIDTH).address());
    SoftmaxKernel.Sight sight = new SoftmaxKernel.Sight(ROWS / 4, ROWS / 4, 1, 0, 0);
    Matrix p = at.matrix(0, WIDTH / 4).rows(0, ROWS / 4);
    SoftmaxKernel.forward(sums, WIDTH, sight, 0.1, p);
    SoftmaxKernel.backward(sums, WIDTH, p, sight, 0.1, at.matrix(1, WIDTH / 4).rows(0, ROWS / 4));
  }

  private static void attention(Places at, int window) {
    SoftmaxKernel.Sight sight = new SoftmaxKernel.Sight(WIDTH / 4, WIDTH / 4, 2, 0, window);
    Matrix p = at.matrix(0, WIDTH / 4);
    Matrix dp = at.matrix(1, WIDTH / 4);
    SoftmaxKernel.forward(p, sight, 0.1);
    SoftmaxKernel.backward(dp, p, sight, 0.1);
    Matrix qkv = new Matrix(at.matrix(0, WIDTH).address(), ROWS, WIDTH, WIDTH);
    long heads = at.matrix(1, WIDTH).address();
    HeadsKernel.Heads to =
        new HeadsKernel.Heads(
            heads, heads + at.bytes / 2, heads + at.bytes * 3 / 4, ROWS, 0, ROWS, 2, 2, WIDTH / 8);
    long angles = at.matrix(3, WIDTH).address();
    HeadsKernel.Angles some = new HeadsKernel.Angles(angles, angles);
    HeadsKernel.split(qkv, to, some);
    HeadsKernel.merge(to, some, qkv);
    HeadsKernel.join(heads, ROWS, 2, qkv.columns(0, WIDTH / 2));
    HeadsKernel.part(qkv.columns(0, WIDTH / 2), 2, heads, ROWS);
  }

  /** What generation takes. */
  private static void steps(Places at) {
    ProductKernel.Part part = new ProductKernel.Part(at.matrix(0, WIDTH), 0, ROWS);
    FloatRows x = FloatRows.of(GROUP, WIDTH);
    ProductKernel.plain(part, x, FloatRows.of(GROUP, ROWS));
    FloatRowsKernel.unpack(at.matrix(0, WIDTH), 0, x, 0);
    float[] row = x.values();
    FloatRowsKernel.normalise(row, 0, new float[WIDTH], 1, row, 0);
    FloatRowsKernel.add(row, 0, row, WIDTH, WIDTH);
    FloatRowsKernel.swiglu(row, 0, WIDTH, WIDTH, row, 0, new float[WIDTH]);
    FloatRowsKernel.rotate(row, 0, new float[WIDTH], new float[WIDTH], 0, WIDTH / 2);
    int dim = WIDTH / 8;
    long values = at.matrix(1, WIDTH).address();
    CacheKernel.Head head = new CacheKernel.Head(at.matrix(0, WIDTH).address(), values, dim);
    CacheKernel.store(head, 0, row, 0, row, 0);
    CacheKernel.Row query = new CacheKernel.Row(row, 0);
    CacheKernel.attend(head, new CacheKernel.Sight(0, WIDTH - 1), query, query, new float[WIDTH]);
  }
}
