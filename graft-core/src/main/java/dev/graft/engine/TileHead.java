package dev.graft.engine;

import dev.graft.engine.kernels.Matrix;
import dev.graft.engine.kernels.RowKernel;
import dev.graft.engine.kernels.SoftmaxKernel;
import dev.graft.engine.kernels.TileKernel;
import dev.graft.engine.kernels.TurnKernel;
import java.util.List;

/**
 * Attention of one key/value head and its query heads in one segment. With P = softmax(c·Q·Kᵀ), O =
 * P·V and the sums {@code δ = Σ P∘dP} of each row:
 *
 * <pre>
 *   dVᵀ = dOᵀ·P      dP = dO·Vᵀ      dS = c·P ∘ (dP − δ)      dQ = dS·K      dKᵀ = Qᵀ·dS
 * </pre>
 *
 * <p>The tiles take the second factor of a product in a layout of their own. From rows as they are
 * it costs little, so P and dS are second factors where their transposes would be the first: only
 * what is as narrow as a head is ever transposed.
 */
final class TileHead {
  /** Most keys that one call adds up: each number of them needs its own compiled product. */
  private static final int KEYS = 256;

  private final List<QueryBlocks.Block> blocks;
  private final Setting setting;
  private final HeadScratch at;

  /**
   * What all heads have.
   *
   * @param group query heads of a key/value head
   * @param window keys that a query sees, itself included; 0 for all up to itself
   * @param scale c
   */
  record Setting(int group, int window, double scale) {}

  /** q (room·G, D), k and v (room, D), or their gradients. */
  record Matrices(Matrix q, Matrix k, Matrix v) {}

  TileHead(List<QueryBlocks.Block> blocks, Setting setting, HeadScratch at) {
    this.blocks = blocks;
    this.setting = setting;
    this.at = at;
  }

  /** Puts O into {@code out}, which is like q. */
  void forward(Matrices head, Matrix out) {
    TileKernel.Packed keys = at.keysAcross(head.k.rows());
    TileKernel.putTransposed(head.k, keys, 0);
    TileKernel.Packed values = at.along(head.v.rows());
    TileKernel.put(head.v, values);
    for (QueryBlocks.Block block : blocks) {
      Matrix p = probabilities(block, head.q, keys);
      alongKeys(block, p, values, rows(out, block));
    }
  }

  /** Puts the gradients into {@code into}. */
  void backward(Matrices head, Matrix dOut, Matrices into) {
    TileKernel.Packed keys = at.keysAcross(head.k.rows());
    TileKernel.putTransposed(head.k, keys, 0);
    TileKernel.Packed values = at.valuesAcross(head.v.rows());
    TileKernel.putTransposed(head.v, values, 0);
    TileKernel.Packed along = at.along(head.k.rows());
    TileKernel.put(head.k, along);
    RowKernel.zero(at.dk, 2L * head.k.columns() * at.sumStride);
    RowKernel.zero(at.dv, 2L * head.k.columns() * at.sumStride);
    for (QueryBlocks.Block block : blocks) {
      Matrix p = probabilities(block, head.q, keys);
      Matrix dO = rows(dOut, block);
      alongHead(block, dO, values);
      Matrix ds = at.ds(p.rows(), p.columns());
      SoftmaxKernel.backward(at.sums, at.sumStride, p, sight(block), setting.scale, ds);
      alongQueries(block, dO, p, at.dv);
      alongQueries(block, rows(head.q, block), ds, at.dk);
      alongKeys(block, ds, along, rows(into.q, block));
    }
    TurnKernel.round(at.dk, at.sumStride, into.k);
    TurnKernel.round(at.dv, at.sumStride, into.v);
  }

  private Matrix probabilities(QueryBlocks.Block block, Matrix q, TileKernel.Packed keys) {
    Matrix queries = rows(q, block);
    alongHead(block, queries, keys);
    Matrix p = at.p(queries.rows(), block.keys());
    SoftmaxKernel.forward(at.sums, at.sumStride, sight(block), setting.scale, p);
    return p;
  }

  private SoftmaxKernel.Sight sight(QueryBlocks.Block block) {
    return new SoftmaxKernel.Sight(
        block.rows(), block.real(), setting.group, block.shift(), setting.window);
  }

  private Matrix rows(Matrix all, QueryBlocks.Block block) {
    return all.rows(block.query() * setting.group, block.rows() * setting.group);
  }

  /** Sums {@code a·b} of a (rows, D) and b (D, T), of the keys that the block sees. */
  private void alongHead(QueryBlocks.Block block, Matrix a, TileKernel.Packed b) {
    int end = block.key() + block.keys();
    int width;
    for (int key = block.key(); key < end; key += width) {
      int in = key % TileKernel.PANEL;
      width = Math.min(TileKernel.PANEL - in, end - key);
      long panel = b.panel(key - in) + 4L * in;
      Tiles.Block call =
          new Tiles.Block(
              a.rows(), b.rows(), width, a.stride(), b.width(key - in), at.sumStride, false);
      Tiles.multiply(call, a.address(), panel, at.sums + 4L * (key - block.key()));
    }
    Work.product((long) a.rows() * block.keys(), b.rows());
  }

  /** {@code a·b} of a (rows, keys) and b (T, D), rounded into {@code into}. */
  private void alongKeys(QueryBlocks.Block block, Matrix a, TileKernel.Packed b, Matrix into) {
    for (int column = 0; column < b.columns(); column += TileKernel.PANEL) {
      int width = b.width(column);
      for (int key = 0; key < a.columns(); key += KEYS) {
        int inner = Math.min(KEYS, a.columns() - key);
        Tiles.Block call =
            new Tiles.Block(a.rows(), inner, width, a.stride(), width, at.outStride, key > 0);
        long panel = b.panel(column, block.key() + key);
        Tiles.multiply(call, a.address() + 2L * key, panel, at.outs + 4L * column);
      }
    }
    TileKernel.round(at.outs, at.outStride, into);
    Work.product((long) a.rows() * b.columns(), a.columns());
  }

  /** Adds {@code aᵀ·b} of a (rows, D) and b (rows, keys) to sums (D, T). */
  private void alongQueries(QueryBlocks.Block block, Matrix a, Matrix b, long sums) {
    Matrix turned = at.turned(a.rows());
    TurnKernel.transpose(a, turned);
    TileKernel.Packed packed = at.packed(b.rows(), b.columns());
    TileKernel.put(b, packed);
    for (int key = 0; key < b.columns(); key += TileKernel.PANEL) {
      int width = packed.width(key);
      Tiles.Block call =
          new Tiles.Block(
              turned.rows(), turned.columns(), width, turned.stride(), width, at.sumStride, true);
      Tiles.multiply(call, turned.address(), packed.panel(key), sums + 4L * (block.key() + key));
    }
    Work.product((long) turned.rows() * b.columns(), turned.columns());
  }
}
