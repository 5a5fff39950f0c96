package dev.graft.engine.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Every kernel's results on the same random data as one number each. */
final class KernelDigest {
  private static final int ROWS = 12;
  private static final int WIDTH = 192;

  private final SplittableRandom random = new SplittableRandom(42);
  private final Arena arena;

  private KernelDigest(Arena arena) {
    this.arena = arena;
  }

  static String compute() {
    try (Arena arena = Arena.ofConfined()) {
      return new KernelDigest(arena).all();
    }
  }

  public static void main(String[] arguments) {
    System.out.println(compute());
  }

  private Matrix matrix(int rows, int columns) {
    MemorySegment memory = arena.allocate(2L * rows * columns);
    for (long i = 0; i < (long) rows * columns; i++) {
      float value = (float) (random.nextGaussian() * Math.exp(2 * random.nextGaussian()));
      memory.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(value) >>> 16));
    }
    return new Matrix(memory.address(), rows, columns, columns);
  }

  private static String digest(Matrix... results) {
    long digest = 1;
    for (Matrix m : results) {
      for (long i = 0; i < (long) m.rows() * m.columns(); i++) {
        digest = digest * 31 + Float.floatToIntBits(Lanes.get(m.address() + 2 * i));
      }
    }
    return Long.toHexString(digest) + " ";
  }

  private String all() {
    Matrix x = matrix(ROWS, WIDTH);
    Matrix w = matrix(1, WIDTH);
    Matrix y = matrix(ROWS, WIDTH);
    Matrix dy = matrix(ROWS, WIDTH);
    Matrix dx = matrix(ROWS, WIDTH);
    Matrix inverse = matrix(ROWS, 32);
    RmsNormKernel.forward(x, w.address(), y, inverse.address(), 1e-5);
    RmsNormKernel.Tape tape = new RmsNormKernel.Tape(x, w.address(), inverse.address());
    RmsNormKernel.backward(dy, tape, y, dx);
    String result = digest(y, dx);
    RowKernel.add(x, y, y);
    result += digest(y);
    Matrix gated = matrix(ROWS, 2 * WIDTH);
    SwigluKernel.forward(gated, y);
    SwigluKernel.backward(dy, gated);
    result += digest(y, gated);
    return result + attention() + loss();
  }

  private String attention() {
    Matrix p = matrix(2 * 30 * 2, 64);
    Matrix dp = matrix(2 * 30 * 2, 64);
    SoftmaxKernel.Sight sight = new SoftmaxKernel.Sight(30, 29, 2, 20, 40);
    SoftmaxKernel.forward(p, sight, 0.3);
    SoftmaxKernel.backward(dp, p, sight, 0.3);
    Matrix qkv = matrix(ROWS, 8 * 64);
    Matrix q = matrix(ROWS + 5, 4 * 64);
    Matrix k = matrix(2 * (ROWS + 5), 64);
    Matrix v = matrix(2 * (ROWS + 5), 64);
    Matrix cos = matrix(ROWS, 32);
    HeadsKernel.Heads heads =
        new HeadsKernel.Heads(
            q.address(), k.address(), v.address(), ROWS + 5, 0, ROWS + 5, 2, 2, 64);
    HeadsKernel.Angles angles = new HeadsKernel.Angles(cos.address(), cos.address());
    HeadsKernel.split(qkv, heads, angles);
    String result = digest(p, dp, q, k, v);
    HeadsKernel.merge(heads, angles, qkv);
    return result + digest(qkv);
  }

  private String loss() {
    Matrix logits = matrix(4, 2112);
    double[] losses = CrossEntropyKernel.apply(logits, new long[] {0, 2111, 5, 77}, 0.1);
    return digest(logits) + Integer.toHexString(Arrays.hashCode(losses));
  }
}
