package dev.graft.engine.kernels;

import static dev.graft.engine.kernels.Lanes.CHUNK;
import static dev.graft.engine.kernels.Lanes.HALF;
import static dev.graft.engine.kernels.Lanes.INT;
import static dev.graft.engine.kernels.Lanes.MEMORY;
import static dev.graft.engine.kernels.Lanes.ODD;
import static dev.graft.engine.kernels.Lanes.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** From tokens' rows to heads of their own memory and back, rotating queries and keys. */
public final class HeadsKernel {
  private HeadsKernel() {}

  /**
   * Heads in memory.
   *
   * @param q address of the queries (K, rows, G, D)
   * @param k address of the keys (K, keyRows, D)
   * @param v address of the values (K, keyRows, D)
   * @param rows queries that there is room for; at least N
   * @param before keys and values that come before those of the N tokens
   * @param keyRows keys that there is room for; at least {@code before} + N
   */
  public record Heads(
      long q,
      long k,
      long v,
      long rows,
      int before,
      long keyRows,
      int kvHeads,
      int group,
      int dim) {
    /** Bytes between the first key and that of a head's row. */
    private long key(int head, long row) {
      return 2L * dim * (head * keyRows + row);
    }
  }

  /** Angles: addresses of cos and sin (N, D/2). */
  public record Angles(long cos, long sin) {}

  /**
   * qkv (N, (K·G + 2·K)·D) to heads, pairs (i, i + D/2) of queries and keys rotated; zeros behind.
   * Keys and values that come before are left as they are.
   */
  public static void split(Matrix qkv, Heads heads, Angles angles) {
    int n = qkv.rows();
    int width = heads.group * heads.dim;
    for (int t = 0; t < n; t++) {
      long row = qkv.row(t);
      for (int j = 0; j < heads.kvHeads; j++) {
        long q = heads.q + 2L * width * (j * heads.rows + t);
        for (int g = 0; g < heads.group; g++) {
          rotate(row, q, angles, t, heads.dim / 2, 1);
          row += 2L * heads.dim;
          q += 2L * heads.dim;
        }
      }
      for (int j = 0; j < heads.kvHeads; j++, row += 2L * heads.dim) {
        long at = heads.key(j, heads.before + t);
        rotate(row, heads.k + at, angles, t, heads.dim / 2, 1);
        RowKernel.copy(row + 2L * heads.kvHeads * heads.dim, heads.v + at, heads.dim);
      }
    }
    for (int j = 0; j < heads.kvHeads; j++) {
      RowKernel.zero(heads.q + 2L * width * (j * heads.rows + n), (heads.rows - n) * width);
      long keys = (long) heads.before + n;
      long rest = (heads.keyRows - keys) * heads.dim;
      RowKernel.zero(heads.k + heads.key(j, keys), rest);
      RowKernel.zero(heads.v + heads.key(j, keys), rest);
    }
  }

  /** Copies the first keys and values of {@code from} to those that come before others. */
  public static void copyBefore(Heads from, Heads to) {
    int count = to.before * to.dim;
    for (int j = 0; j < to.kvHeads; j++) {
      RowKernel.copy(from.k + from.key(j, 0), to.k + to.key(j, 0), count);
      RowKernel.copy(from.v + from.key(j, 0), to.v + to.key(j, 0), count);
    }
  }

  /** The inverse of {@link #split}; keys and values that come before are not looked at. */
  public static void merge(Heads heads, Angles angles, Matrix qkv) {
    int n = qkv.rows();
    int width = heads.group * heads.dim;
    for (int t = 0; t < n; t++) {
      long row = qkv.row(t);
      for (int j = 0; j < heads.kvHeads; j++) {
        long q = heads.q + 2L * width * (j * heads.rows + t);
        for (int g = 0; g < heads.group; g++) {
          rotate(q, row, angles, t, heads.dim / 2, -1);
          row += 2L * heads.dim;
          q += 2L * heads.dim;
        }
      }
      for (int j = 0; j < heads.kvHeads; j++, row += 2L * heads.dim) {
        long at = heads.key(j, heads.before + t);
        rotate(heads.k + at, row, angles, t, heads.dim / 2, -1);
        RowKernel.copy(heads.v + at, row + 2L * heads.kvHeads * heads.dim, heads.dim);
      }
    }
  }

  /** Rows (K, rows, W) to (N, K·W). */
  public static void join(long byHead, long rows, int kvHeads, Matrix byToken) {
    int n = byToken.rows();
    int width = byToken.columns() / kvHeads;
    for (int j = 0; j < kvHeads; j++) {
      RowKernel.copy(
          new Matrix(byHead + 2L * width * rows * j, n, width, width),
          byToken.columns(j * width, width));
    }
  }

  /** Rows (N, K·W) to (K, rows, W), zeros behind. */
  public static void part(Matrix byToken, int kvHeads, long byHead, long rows) {
    int n = byToken.rows();
    int width = byToken.columns() / kvHeads;
    for (int j = 0; j < kvHeads; j++) {
      long at = byHead + 2L * width * rows * j;
      RowKernel.copy(byToken.columns(j * width, width), new Matrix(at, n, width, width));
      RowKernel.zero(at + 2L * width * n, (rows - n) * width);
    }
  }

  /** Rotates one head by the angles of a token, backwards where {@code direction} is −1. */
  private static void rotate(
      long from, long to, Angles angles, int token, int half, float direction) {
    long cos = angles.cos + 2L * half * token;
    long sin = angles.sin + 2L * half * token;
    for (int i = 0; i < half; i += CHUNK) {
      IntVector a = IntVector.fromMemorySegment(INT, MEMORY, from + 2L * i, ORDER);
      IntVector b = IntVector.fromMemorySegment(INT, MEMORY, from + 2L * (half + i), ORDER);
      IntVector c = IntVector.fromMemorySegment(INT, MEMORY, cos + 2L * i, ORDER);
      IntVector s = IntVector.fromMemorySegment(INT, MEMORY, sin + 2L * i, ORDER);
      FloatVector x = a.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector y = b.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector u = c.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector w = s.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().mul(direction);
      IntVector evenA = x.mul(u).sub(y.mul(w)).reinterpretAsInts();
      IntVector evenB = y.mul(u).add(x.mul(w)).reinterpretAsInts();
      x = a.and(ODD).reinterpretAsFloats();
      y = b.and(ODD).reinterpretAsFloats();
      u = c.and(ODD).reinterpretAsFloats();
      w = s.and(ODD).reinterpretAsFloats().mul(direction);
      IntVector oddA = x.mul(u).sub(y.mul(w)).reinterpretAsInts();
      IntVector oddB = y.mul(u).add(x.mul(w)).reinterpretAsInts();
      evenA = evenA.add(evenA.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      oddA = oddA.add(oddA.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      evenB = evenB.add(evenB.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      oddB = oddB.add(oddB.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      evenA
          .lanewise(VectorOperators.LSHR, 16)
          .or(oddA.and(ODD))
          .intoMemorySegment(MEMORY, to + 2L * i, ORDER);
      evenB
          .lanewise(VectorOperators.LSHR, 16)
          .or(oddB.and(ODD))
          .intoMemorySegment(MEMORY, to + 2L * (half + i), ORDER);
    }
  }
}
