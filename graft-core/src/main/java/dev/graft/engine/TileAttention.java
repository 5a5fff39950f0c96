package dev.graft.engine;

import dev.graft.engine.kernels.Matrix;
import java.util.List;

/**
 * Causal grouped-query attention of packed segments with the processor's tiles, head by head: what
 * is worked on stays in the processor's cache, and scores go from float32 sums straight to
 * probabilities.
 */
public final class TileAttention {
  /** Rows of scores that a block should have at least; it has whole groups of queries. */
  private static final int ROWS = 96;

  private final Kernels.HeadShape shape;
  private final QueryBlocks blocks;
  private final double scale;

  /**
   * Attention over heads of this shape.
   *
   * @param window keys that a query sees, itself included; 0 for all up to itself
   * @param scale of the scores
   */
  public TileAttention(Kernels.HeadShape shape, int window, double scale) {
    this.shape = shape;
    this.blocks = blocks(shape.group(), window);
    this.scale = scale;
  }

  /** Whether the processor has tiles. */
  public static boolean isUsed() {
    return Tiles.isUsed();
  }

  /** The blocks of queries that it works on. */
  public static QueryBlocks blocks(int group, int window) {
    int most = Math.ceilDiv(ROWS, Kernels.WIDTH * group) * Kernels.WIDTH;
    return new QueryBlocks(most, Kernels.WIDTH, window);
  }

  /** Bytes that a pass takes while it is made. */
  public static long scratchBytes(Kernels.HeadShape shape) {
    return new HeadScratch(shape, blocks(shape.group(), 0).most(), 0).end();
  }

  /** The outputs, laid out like {@code heads.q()}. */
  public Tensor forward(Kernels.Heads heads) {
    try (Scope scope = Scope.open()) {
      Tensor out = heads.q().newEmpty(heads.q().shape());
      forEachHead((s, h, head) -> head.forward(of(heads, s, h), queries(out, s, h)));
      return scope.lift(out);
    }
  }

  /**
   * Gradients of queries, keys and values, those of keys and values of each segment by themselves.
   *
   * @param dOut laid out like q
   */
  public Kernels.Heads backward(Kernels.Heads heads, Tensor dOut) {
    try (Scope scope = Scope.open()) {
      Kernels.Heads into =
          new Kernels.Heads(
              heads.q().newEmpty(heads.q().shape()),
              heads.k().newEmpty(heads.k().shape()),
              heads.v().newEmpty(heads.v().shape()));
      forEachHead(
          (s, h, head) -> head.backward(of(heads, s, h), queries(dOut, s, h), of(into, s, h)));
      return new Kernels.Heads(scope.lift(into.q()), scope.lift(into.k()), scope.lift(into.v()));
    }
  }

  @FunctionalInterface
  private interface HeadWork {
    void on(int segment, int kvHead, TileHead head);
  }

  private void forEachHead(HeadWork work) {
    Segments segments = shape.segments();
    int heads = shape.kvHeads();
    Parts.run(
        segments.count() * heads,
        () -> {
          Tensor memory = Tensor.empty(DType.BF16, Device.CPU, scratchBytes(shape) / 2);
          HeadScratch scratch = new HeadScratch(shape, blocks.most(), Kernels.address(memory));
          TileHead.Setting setting = new TileHead.Setting(shape.group(), blocks.window(), scale);
          return part -> {
            int s = part / heads;
            List<QueryBlocks.Block> own = blocks.of(segments.before(s), segments.length(s));
            work.on(s, part % heads, new TileHead(own, setting, scratch));
          };
        });
  }

  private TileHead.Matrices of(Kernels.Heads heads, int segment, int kvHead) {
    return new TileHead.Matrices(
        queries(heads.q(), segment, kvHead),
        keys(heads.k(), segment, kvHead),
        keys(heads.v(), segment, kvHead));
  }

  /** (room·G, D) of a key/value head of a segment. */
  private Matrix queries(Tensor all, int segment, int kvHead) {
    Segments segments = shape.segments();
    long address = Kernels.dense(all, shape.queries());
    int group = shape.group();
    return matrix(
        address, segments.roomBefore(segment) * group, segments.room(segment) * group, kvHead);
  }

  /** (room, D) of a key/value head of a segment. */
  private Matrix keys(Tensor all, int segment, int kvHead) {
    Segments segments = shape.segments();
    long address = Kernels.dense(all, shape.keys());
    return matrix(address, segments.keyRoomBefore(segment), segments.keyRoom(segment), kvHead);
  }

  /** So many rows, behind so many of each head in other segments. */
  private Matrix matrix(long address, int before, int rows, int kvHead) {
    long first = (long) before * shape.kvHeads() + (long) kvHead * rows;
    return new Matrix(address + 2 * first * shape.dim(), rows, shape.dim(), shape.dim());
  }
}
