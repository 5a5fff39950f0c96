package dev.graft.model;

import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Kernels;
import dev.graft.engine.PackedMatrix;
import dev.graft.engine.QueryBlocks;
import dev.graft.engine.Segments;
import dev.graft.engine.TileAttention;
import dev.graft.engine.Workspace;

/**
 * The sizes of what one layer of a training pass holds, in elements of the compute type. N is the
 * number of tokens of the pass, M that of the rows that go on behind the attention: in the last
 * layer those that the loss needs, else N.
 *
 * @param columns of the adapters behind the inputs of the fused projections
 * @param dropout whether the adapters have dropout
 * @param bySegment whether heads are laid out for the kernels, with room behind each segment
 * @param packed whether the weights are laid out for the processor's tiles
 */
public record LayerShape(
    DecoderSpec spec, Columns columns, boolean dropout, boolean bySegment, boolean packed) {
  /** Most queries that attention works on at once without tiles. */
  private static final int BLOCK = 512;

  /**
   * Most weights of a layer that are laid out for tiles; a layer, for `plan` measures only some.
   */
  private static final long MOST_PACKED = 16L << 20;

  /** Columns that an adapter adds to the inputs of each fused projection, padded; 0 without one. */
  public record Columns(int qkv, int output, int gateUp, int down) {
    /** No adapter. */
    public static final Columns NONE = new Columns(0, 0, 0, 0);

    /** For these ranks of each part: query, key, value, output, gate, up, down. */
    public static Columns ofRanks(int[] r) {
      return new Columns(
          padded(r[0] + r[1] + r[2]), padded(r[3]), padded(r[4] + r[5]), padded(r[6]));
    }

    private static int padded(int rank) {
      return Math.ceilDiv(rank, LoraColumns.PADDING) * LoraColumns.PADDING;
    }
  }

  /** Elements of the heads of all query heads, with their room. */
  private long queries(Segments segments) {
    long rows = bySegment ? segments.roomBefore(segments.count()) : segments.tokens();
    return rows * spec.queryWidth();
  }

  private long keys(Segments segments) {
    long rows = bySegment ? segments.keyRoomBefore(segments.count()) : segments.tokens();
    return rows * spec.keyWidth();
  }

  /** What the layer's output takes in the workspace. */
  public long output(long rows) {
    return Workspace.aligned(rows * spec.hidden());
  }

  /** What the layer keeps in the workspace for its backward pass, beside its output. */
  public long kept(Segments segments, long rows) {
    long n = segments.tokens();
    long raw = spec.queryKeyNorm() ? n * (spec.queryWidth() + (long) spec.keyWidth()) : 0;
    return Workspace.aligned(queries(segments))
        + 2 * Workspace.aligned(keys(segments))
        + Workspace.aligned(raw)
        + Workspace.aligned(rows * (spec.queryWidth() + columns.output))
        + Workspace.aligned(rows * spec.hidden())
        + Workspace.aligned(rows * 2 * spec.intermediate())
        + prepared(n, spec.hidden(), columns.qkv)
        + prepared(rows, spec.queryWidth(), columns.output)
        + prepared(rows, spec.hidden(), columns.gateUp)
        + prepared(rows, spec.intermediate(), columns.down);
  }

  private long prepared(long rows, long in, int columns) {
    if (columns == 0) {
      return 0;
    }
    return Workspace.aligned(rows * columns) + (dropout ? Workspace.aligned(rows * in) : 0);
  }

  // Operations of libtorch make more intermediate results than the kernels.

  /**
   * The most that the backward pass holds at once outside of the workspace: the gradients on their
   * way through the feed-forward part, or through attention.
   *
   * @param trainsWeights whether gradients of the weights are made, the largest of them at its
   *     worst
   */
  public long backward(Segments segments, long rows, boolean trainsWeights) {
    long d = spec.hidden();
    long i = spec.intermediate();
    long n = segments.tokens();
    long mlp =
        rows * (d + through(i, columns.down) + through(d, columns.gateUp) + d)
            + (bySegment ? 0 : rows * 6 * i)
            + (trainsWeights ? 2 * i * d : 0);
    long fused = n * (spec.queryWidth() + 2L * spec.keyWidth());
    long attention =
        rows * 2 * d
            + rows * through(spec.queryWidth(), columns.output)
            + 2 * queries(segments)
            + 2 * keys(segments)
            + Math.max(scores(segments), fused);
    return Math.max(mlp, attention);
  }

  /**
   * The gradient of an input of so many columns, made in two steps where there is an adapter and no
   * tiles, or where dropout is between.
   */
  private long through(long in, int columns) {
    return columns == 0 ? in : (packed && !dropout ? in : 2 * in) + columns;
  }

  /** What attention holds while it is made backward: with tiles for a head, else for all. */
  private long scores(Segments segments) {
    if (bySegment && TileAttention.isUsed()) {
      return TileAttention.scratchBytes(HeadLayout.shape(spec, segments)) / DType.BF16.bytes();
    }
    long most = 0;
    for (int s = 0; s < segments.count(); s++) {
      for (var block : blocks(bySegment, spec, 0).of(segments.before(s), segments.length(s))) {
        most = Math.max(most, (long) block.rows() * block.keys());
      }
    }
    return (bySegment ? 2 : 5) * most * spec.heads();
  }

  /** How a pass works off attention with this window. */
  public static QueryBlocks blocks(boolean bySegment, DecoderSpec spec, int window) {
    if (!bySegment) {
      return new QueryBlocks(BLOCK, 1, window);
    }
    return TileAttention.isUsed()
        ? TileAttention.blocks(spec.heads() / spec.kvHeads(), window)
        : new QueryBlocks(BLOCK, Kernels.WIDTH, window);
  }

  /**
   * Whether frozen weights of this model are laid out for the processor's tiles, which takes them
   * twice: not where they are many, as in models of a billion parameters and more.
   */
  public static boolean packs(DecoderSpec spec, DType dtype, Device device) {
    long qkv = spec.queryWidth() + 2L * spec.keyWidth();
    return spec.layerMatrices() <= MOST_PACKED
        && PackedMatrix.serve(
            dtype, device, spec.hidden(), spec.queryWidth(), qkv, spec.intermediate());
  }

  /** Whether this model's heads are laid out for the kernels. */
  public static boolean bySegment(DecoderSpec spec, DType dtype, Device device) {
    return Kernels.serve(dtype, device, spec.headDim() / 2);
  }
}
