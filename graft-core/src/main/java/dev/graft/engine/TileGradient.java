package dev.graft.engine;

import dev.graft.engine.kernels.GradientKernel;
import dev.graft.engine.kernels.Matrix;
import dev.graft.engine.kernels.RowKernel;
import dev.graft.engine.kernels.TileKernel;
import dev.graft.engine.kernels.TurnKernel;
import java.util.ArrayList;
import java.util.List;

/**
 * Products {@code aᵀ·b} of a narrow a (N, R) and a wide b (N, M) with the processor's tiles, which
 * gradients of low-rank updates are: added up in float32, never rounded.
 */
public final class TileGradient {
  /** Rows of a and b that are worked on at once. */
  private static final int ROWS = TileProduct.ROWS;

  /** Columns of b that are worked on at once. */
  private static final int COLUMNS = TileProduct.COLUMNS;

  private static final int STRIDE = TileProduct.STRIDE;

  private static final int TURN_STRIDE = ROWS + 32;

  /** Rows of sums that may be read behind the last. */
  private static final int MORE = 15;

  /** Some of the rows: aᵀ (R, n) and b (n, M), n a multiple of 32. */
  private record Piece(Matrix turned, Matrix b) {}

  /** Takes sums (R, …) of the columns from one on. */
  private interface Taker {
    void take(GradientKernel.Sums sums, int column);
  }

  private final Tensor a;
  private final Tensor b;
  private final int width;
  private final int columns;

  /** Of a (N, R) and b (N, M), R and M multiples of 32. */
  public TileGradient(Tensor a, Tensor b) {
    this.a = a;
    this.b = b;
    this.width = Kernels.matrix(a, a.size(1)).columns();
    this.columns = Kernels.matrix(b, b.size(1)).columns();
    if (a.size(0) != b.size(0)) {
      throw new IllegalArgumentException(a + " does not fit " + b);
    }
  }

  /** Whether there are tiles for columns of such numbers. */
  public static boolean serves(Tensor a, Tensor b) {
    return PackedMatrix.serve(a.dtype(), a.device(), a.size(1), b.size(1));
  }

  /** Adds the first rows of the product to {@code into} (r, M), in float32. */
  public void addTo(Tensor into) {
    int rows = Math.toIntExact(into.size(0));
    if (rows > width || into.size(1) != columns) {
      throw new IllegalArgumentException(into + " does not fit " + a + " and " + b);
    }
    long address = Kernels.floats(into);
    run(rows, (sums, column) -> GradientKernel.add(sums, address + 4L * column, columns));
  }

  /**
   * A block of the product, (rank, rows) from {@code first} on in a's and b's columns, that belongs
   * to a gradient.
   *
   * @param firstRow first column of b, a multiple of 32
   * @param firstColumn first column of a
   * @param factor of what is added
   * @param into (rows, rank) in float32, rows a multiple of 32
   */
  public record Block(int firstRow, int firstColumn, float factor, Tensor into) {
    private int rows() {
      return Math.toIntExact(into.size(0));
    }

    private int rank() {
      return Math.toIntExact(into.size(1));
    }
  }

  /** Adds the transposes of blocks of the product to their gradients. */
  public void addTransposed(List<Block> blocks) {
    for (Block block : blocks) {
      if (block.firstRow % Kernels.WIDTH != 0
          || block.rows() % Kernels.WIDTH != 0
          || block.firstRow + block.rows() > columns
          || block.firstColumn + block.rank() > width) {
        throw new IllegalArgumentException(block + " is not of " + a + " and " + b);
      }
    }
    long[] addresses = blocks.stream().mapToLong(block -> Kernels.floats(block.into)).toArray();
    run(
        width,
        (sums, column) -> {
          for (int i = 0; i < addresses.length; i++) {
            add(blocks.get(i), sums, column, addresses[i]);
          }
        });
  }

  /** Adds what a block has of these columns. */
  private static void add(Block block, GradientKernel.Sums sums, int column, long into) {
    int from = Math.max(column, block.firstRow);
    int to = Math.min(column + sums.columns(), block.firstRow + block.rows());
    if (from < to) {
      GradientKernel.Sums own =
          sums.rows(block.firstColumn, block.rank()).columns(from - column, to - from);
      long first = (long) (from - block.firstRow) * block.rank();
      GradientKernel.addTransposed(own, block.factor, into + 4 * first);
    }
  }

  /** Makes the first rows of the product, columns by columns. */
  private void run(int rows, Taker taker) {
    Work.product((long) rows * columns, a.size(0));
    try (Scope scope = Scope.open()) {
      List<Piece> pieces = pieces();
      Parts.run(
          Math.ceilDiv(columns, COLUMNS),
          () -> {
            Tensor sums = Tensor.empty(DType.F32, Device.CPU, width + MORE, STRIDE);
            Tensor packed = Tensor.empty(DType.BF16, Device.CPU, ROWS, COLUMNS);
            return part -> {
              int column = part * COLUMNS;
              int count = Math.min(COLUMNS, columns - column);
              GradientKernel.Sums made =
                  new GradientKernel.Sums(Kernels.floats(sums), rows, count, STRIDE);
              add(pieces, column, made, Kernels.address(packed));
              taker.take(made, column);
            };
          });
    }
  }

  private static void add(List<Piece> pieces, int column, GradientKernel.Sums sums, long memory) {
    boolean first = true;
    for (Piece piece : pieces) {
      Matrix b = piece.b.columns(column, sums.columns());
      TileKernel.Packed packed = new TileKernel.Packed(memory, b.rows(), b.columns());
      TileKernel.put(b, packed);
      for (int at = 0; at < b.columns(); at += TileKernel.PANEL) {
        int panel = packed.width(at);
        Tiles.Block call =
            new Tiles.Block(sums.rows(), b.rows(), panel, TURN_STRIDE, panel, STRIDE, !first);
        Tiles.multiply(call, piece.turned.address(), packed.panel(at), sums.address() + 4L * at);
      }
      first = false;
    }
  }

  /** All rows, the last of them filled up with zeros. */
  private List<Piece> pieces() {
    List<Piece> pieces = new ArrayList<>();
    Matrix narrow = Kernels.matrix(a, width);
    Matrix wide = Kernels.matrix(b, columns);
    int whole = narrow.rows() - narrow.rows() % Kernels.WIDTH;
    for (int row = 0; row < whole; row += ROWS) {
      int rows = Math.min(ROWS, whole - row);
      pieces.add(piece(narrow.rows(row, rows), wide.rows(row, rows)));
    }
    if (whole < narrow.rows()) {
      pieces.add(piece(filled(narrow, whole), filled(wide, whole)));
    }
    return pieces;
  }

  private static Piece piece(Matrix a, Matrix b) {
    Tensor memory = Tensor.empty(DType.BF16, Device.CPU, a.columns(), TURN_STRIDE);
    Matrix turned = Kernels.matrix(memory.narrow(1, 0, a.rows()), a.rows());
    TurnKernel.transpose(a, turned);
    return new Piece(turned, b);
  }

  private static Matrix filled(Matrix all, int from) {
    Tensor memory = Tensor.zeros(DType.BF16, Device.CPU, Kernels.WIDTH, all.columns());
    Matrix filled = Kernels.matrix(memory, all.columns());
    RowKernel.copy(all.rows(from, all.rows() - from), filled);
    return filled;
  }
}
