package dev.graft.engine;

import dev.graft.engine.kernels.Matrix;
import dev.graft.engine.kernels.TileKernel;

/**
 * Memory for the attention of one head of a segment at a time, with room for a block of the longest
 * segment's.
 *
 * <p>From one row of scores to the next it is more than the longest row, and one of few distances:
 * each needs its own compiled products. None is a power of two, whose rows would share cache lines.
 */
final class HeadScratch {
  private static final int LINE = 64;

  /** From one row of a block's outputs to the next, in float32. */
  final int outStride;

  /** From one row of scores to the next, in float32. */
  final int sumStride;

  private final int halfStride;
  private final int turnStride;
  private final int dim;
  private long end;

  /** Float32 scores of a block, (rows, keys). */
  final long sums;

  /** Float32 outputs of a block, (rows, D). */
  final long outs;

  /** Float32 gradients of the transposes of keys and values, (D, keys). */
  final long dk;

  final long dv;
  private final long keysAcross;
  private final long valuesAcross;
  private final long along;
  private final long p;
  private final long ds;
  private final long packed;
  private final long turned;

  /**
   * Lays it out.
   *
   * @param most queries of a block
   * @param address where it begins
   */
  HeadScratch(Kernels.HeadShape shape, int most, long address) {
    Segments segments = shape.segments();
    int keys = 0;
    int room = 0;
    for (int s = 0; s < segments.count(); s++) {
      keys = Math.max(keys, segments.keyRoom(s));
      room = Math.max(room, segments.room(s));
    }
    int rows = Math.min(most, room) * shape.group();
    int longest = Math.max(LINE, Integer.highestOneBit(2 * keys - 1));
    this.dim = shape.dim();
    this.outStride = dim + LINE / Float.BYTES;
    this.sumStride = longest + LINE / Float.BYTES;
    this.halfStride = longest + LINE / 2;
    this.turnStride = rows + LINE / 2;
    this.end = address;
    this.sums = take(4L * rows * sumStride);
    this.outs = take(4L * rows * outStride);
    this.dk = take(4L * dim * sumStride);
    this.dv = take(4L * dim * sumStride);
    this.keysAcross = take(2L * dim * keys);
    this.valuesAcross = take(2L * dim * keys);
    this.along = take(2L * dim * keys);
    this.p = take(2L * rows * halfStride);
    this.ds = take(2L * rows * halfStride);
    this.packed = take(2L * rows * keys);
    this.turned = take(2L * dim * turnStride);
  }

  private long take(long bytes) {
    long at = end;
    end += Math.ceilDiv(bytes, LINE) * LINE;
    return at;
  }

  /** Where it ends. */
  long end() {
    return end;
  }

  /** Room for the transposes of so many keys, (D, keys). */
  TileKernel.Packed keysAcross(int keys) {
    return new TileKernel.Packed(keysAcross, dim, keys);
  }

  /** As {@link #keysAcross}, of values. */
  TileKernel.Packed valuesAcross(int keys) {
    return new TileKernel.Packed(valuesAcross, dim, keys);
  }

  /** Room for so many keys or values, (keys, D). */
  TileKernel.Packed along(int keys) {
    return new TileKernel.Packed(along, keys, dim);
  }

  /** Room for probabilities. */
  Matrix p(int rows, int keys) {
    return new Matrix(p, rows, keys, halfStride);
  }

  /** Room for gradients of scores. */
  Matrix ds(int rows, int keys) {
    return new Matrix(ds, rows, keys, halfStride);
  }

  /** Room for one of these two as a second factor. */
  TileKernel.Packed packed(int rows, int keys) {
    return new TileKernel.Packed(packed, rows, keys);
  }

  /** Room for the transpose of so many rows of a head, (D, rows). */
  Matrix turned(int rows) {
    return new Matrix(turned, dim, rows, turnStride);
  }
}
