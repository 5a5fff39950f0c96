package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Kernels;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.engine.TileGradient;
import dev.graft.engine.Workspace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The low-rank updates of one {@link FusedLinear} (LoRA, Hu et al. 2021, arXiv 2106.09685): part i
 * computes {@code W_i·x + s_i·B_i·A_i·x}.
 *
 * <p>All A of the fused parts are rows of one matrix (R, in), and {@code s·B} are columns of the
 * linear's own matrix, block by block. R is padded to a multiple of 32 with zeros, which suits the
 * processor's tiles and never carries a gradient.
 */
final class LoraColumns {
  /** What the number of columns is a multiple of. */
  static final int PADDING = 32;

  /** One adapted part: its rows of the fused output and its columns behind the input. */
  record Block(LoraTarget target, int firstRow, int rows, int firstColumn) {
    int rank() {
      return target.rank();
    }
  }

  private final List<Block> blocks = new ArrayList<>();
  private final int rank;
  private final int columns;
  private final double dropout;
  private final int in;
  private final Tensor down;
  private @Nullable Parameters parameters;

  LoraColumns(FusedLinear linear, List<LoraTarget> targets, double dropout, Scope holder) {
    int column = 0;
    int row = 0;
    for (FusedLinear.Part part : linear.parts()) {
      for (LoraTarget target : targets) {
        if (target.module().equals(part.name())) {
          blocks.add(new Block(target, row, part.out(), column));
          column += target.rank();
        }
      }
      row += part.out();
    }
    this.in = linear.in();
    this.rank = column;
    this.columns = (column + PADDING - 1) / PADDING * PADDING;
    this.dropout = dropout;
    try (Scope s = Scope.open()) {
      this.down = holder.hold(linear.matrix().newZeros(columns, in));
    }
  }

  int columns() {
    return columns;
  }

  double dropout() {
    return dropout;
  }

  List<Block> blocks() {
    return blocks;
  }

  /** A of all parts, (R, in), in the compute type. */
  Tensor down() {
    return down;
  }

  /** {@code x·Aᵀ} (N, R) of x (N, in), in memory that the pass keeps, if it keeps any. */
  Tensor project(Tensor x, @Nullable Workspace workspace) {
    if (workspace == null) {
      return Ops.linear(x, down, null);
    }
    return Ops.linearInto(workspace.empty(x, x.size(0), columns()), x, down, null);
  }

  void declare(Parameters.Builder builder) {
    for (Block block : blocks) {
      builder.matrix(block.target().nameOfA(), block.rank(), in);
    }
    for (Block block : blocks) {
      builder.matrix(block.target().nameOfB(), block.rows(), block.rank());
    }
  }

  void bind(Parameters parameters) {
    this.parameters = parameters;
  }

  boolean isTrained() {
    return parameters != null;
  }

  /**
   * Sets the compute copies of A and s·B; {@code a} (r, in) and {@code b} (out, r) of one block.
   *
   * @param up where the columns of s·B are, (out, R)
   */
  void set(Block block, Tensor up, Tensor a, Tensor b) {
    try (Scope s = Scope.open()) {
      down.narrow(0, block.firstColumn(), block.rank()).copyFrom(a);
      up.narrow(0, block.firstRow(), block.rows())
          .narrow(1, block.firstColumn(), block.rank())
          .copyFrom(b.to(DType.F32).times(block.target().scaling()));
    }
  }

  /** Takes the masters' values over into the compute copies, after an optimizer step. */
  void refresh(Tensor up) {
    Parameters trained = parameters;
    if (trained == null) {
      return;
    }
    try (Scope s = Scope.open()) {
      for (Block block : blocks) {
        Tensor a = trained.value(block.target().nameOfA());
        set(block, up, a, trained.value(block.target().nameOfB()));
      }
    }
  }

  /**
   * Adds the gradients of A and B.
   *
   * @param x (N, in) input of A, dropout applied
   * @param dxa (N, R) gradient of {@code x·Aᵀ}
   * @param xa (N, R)
   * @param dy (N, out)
   */
  void accumulate(Tensor x, Tensor dxa, Tensor xa, Tensor dy, GradientBuffer into) {
    if (parameters == null) {
      return;
    }
    String first = blocks.getFirst().target().nameOfA();
    if (fitTiles() && TileGradient.serves(dxa, x) && TileGradient.serves(xa, dy)) {
      new TileGradient(dxa, x).addTo(into.of(first, rank, in));
      addWithTiles(new TileGradient(xa, dy), into);
      return;
    }
    into.add(first, mm(dxa.narrow(1, 0, rank), x));
    Tensor all = mm(dy, xa);
    for (Block block : blocks) {
      Tensor mine =
          all.narrow(0, block.firstRow(), block.rows())
              .narrow(1, block.firstColumn(), block.rank());
      gradientOfB(block, into).addInPlace(mine.to(DType.F32), block.target().scaling());
    }
  }

  private static Tensor gradientOfB(Block block, GradientBuffer into) {
    return into.of(block.target().nameOfB(), block.rows(), block.rank());
  }

  /** Whether the parts' outputs begin where tiles do. */
  private boolean fitTiles() {
    return blocks.stream()
        .allMatch(b -> b.firstRow() % Kernels.WIDTH == 0 && b.rows() % Kernels.WIDTH == 0);
  }

  private void addWithTiles(TileGradient product, GradientBuffer into) {
    List<TileGradient.Block> parts = new ArrayList<>();
    for (Block block : blocks) {
      float scaling = (float) block.target().scaling();
      Tensor gradient = gradientOfB(block, into);
      parts.add(new TileGradient.Block(block.firstRow(), block.firstColumn(), scaling, gradient));
    }
    product.addTransposed(parts);
  }

  private static Tensor mm(Tensor a, Tensor b) {
    return Ops.mm(a.transpose(0, 1), b);
  }
}
