package dev.graft.engine;

import dev.graft.engine.kernels.Matrix;
import dev.graft.engine.kernels.RowKernel;
import dev.graft.engine.kernels.TileKernel;
import java.util.ArrayList;
import java.util.List;

/**
 * A sum of products with packed matrices, added up in float32 and rounded once.
 *
 * <p>It is made in blocks whose sums stay in the processor's cache until they are rounded: some
 * hundred rows, and as many columns that the results' rows are written in long pieces.
 */
final class TileProduct {
  /** Rows of a block. */
  static final int ROWS = 128;

  /** Columns of a block. */
  static final int COLUMNS = 8 * TileKernel.PANEL;

  /** From one row of sums to the next: not a power of two, whose rows would share cache lines. */
  static final int STRIDE = COLUMNS + 16;

  /** What a block's number of rows is a multiple of. */
  private static final int TILE = 16;

  /** Bytes of the sums of a block. */
  static final long SCRATCH = 4L * ROWS * STRIDE;

  /** Most inner columns with which all rows of the first factor stay in the cache. */
  private static final int SHORT = 1024;

  /** One product: a (M, K) and b (K, N). */
  private record Term(Matrix a, TileKernel.Packed b) {}

  private final int columns;
  private final List<Term> terms = new ArrayList<>();

  /** Without any terms, for results of so many columns. */
  TileProduct(int columns) {
    this.columns = columns;
  }

  TileProduct add(Tensor a, TileKernel.Packed b) {
    if (a.size(1) != b.rows() || b.columns() != columns) {
      throw new IllegalArgumentException(a + " does not fit " + b);
    }
    terms.add(new Term(Kernels.matrix(a, b.rows()), b));
    return this;
  }

  /** The sum, into {@code out} (M, N). */
  Tensor into(Tensor out) {
    Matrix into = Kernels.matrix(out, columns);
    for (Term term : terms) {
      if (term.a.rows() != into.rows()) {
        throw new IllegalArgumentException(term.a + " has not " + into.rows() + " rows");
      }
      Work.product(out.elements(), term.b.rows());
    }
    int whole = into.rows() - into.rows() % TILE;
    blocks(terms, into.rows(0, whole));
    if (whole < into.rows()) {
      rest(into.rows(whole, into.rows() - whole), whole);
    }
    return out;
  }

  private void blocks(List<Term> terms, Matrix into) {
    int down = Math.ceilDiv(into.rows(), ROWS);
    int across = Math.ceilDiv(columns, COLUMNS);
    // The factor that stays in the cache is the one that the next blocks take again.
    boolean byColumn = terms.getFirst().b.rows() <= SHORT;
    Parts.run(
        down * across,
        () -> {
          Tensor sums = Tensor.empty(DType.F32, Device.CPU, ROWS, STRIDE);
          long address = sums.raw.data_ptr().address();
          return part -> {
            int row = ROWS * (byColumn ? part % down : part / across);
            int column = COLUMNS * (byColumn ? part / down : part % across);
            Matrix block =
                into.rows(row, Math.min(ROWS, into.rows() - row))
                    .columns(column, Math.min(COLUMNS, columns - column));
            block(terms, row, block, column, address);
          };
        });
  }

  private static void block(List<Term> terms, int row, Matrix into, int column, long sums) {
    boolean first = true;
    for (Term term : terms) {
      Matrix a = term.a.rows(row, into.rows());
      for (int at = 0; at < into.columns(); at += TileKernel.PANEL) {
        int width = term.b.width(column + at);
        Tiles.Block block =
            new Tiles.Block(a.rows(), term.b.rows(), width, a.stride(), width, STRIDE, !first);
        Tiles.multiply(block, a.address(), term.b.panel(column + at), sums + 4L * at);
      }
      first = false;
    }
    TileKernel.round(sums, STRIDE, into);
  }

  /** The last rows, fewer than a tile's, filled up with zeros: each count would need its kernel. */
  private void rest(Matrix into, int from) {
    try (Scope scope = Scope.open()) {
      List<Term> filled = new ArrayList<>();
      for (Term term : terms) {
        Matrix more = zeros(term.a.columns());
        RowKernel.copy(term.a.rows(from, into.rows()), more);
        filled.add(new Term(more, term.b));
      }
      Matrix made = zeros(columns);
      blocks(filled, made);
      RowKernel.copy(made.rows(0, into.rows()), into);
    }
  }

  /** Rows of a tile, in the innermost open scope. */
  private static Matrix zeros(int columns) {
    return Kernels.matrix(Tensor.zeros(DType.BF16, Device.CPU, TILE, columns), columns);
  }
}
