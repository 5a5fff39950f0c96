package dev.graft.engine.kernels;

import static dev.graft.engine.kernels.Lanes.FLOAT;
import static dev.graft.engine.kernels.Lanes.HALF;
import static dev.graft.engine.kernels.Lanes.INT;
import static dev.graft.engine.kernels.Lanes.MEMORY;
import static dev.graft.engine.kernels.Lanes.ODD;
import static dev.graft.engine.kernels.Lanes.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The layout of a product's second matrix that the processor's tiles (AMX) read, and the way back
 * from their float32 sums.
 *
 * <p>A matrix (K, N) lies in panels of {@link #PANEL} columns, the last of which may be narrower.
 * In a panel two rows are one: the elements of rows 2i and 2i + 1 of a column lie side by side, as
 * an instruction takes them. Of 32 columns the even ones come first and then the odd ones, so that
 * a vector of sums of each makes a vector of bfloat16 elements without any moves between lanes.
 */
public final class TileKernel {
  /** Columns of a panel. */
  public static final int PANEL = 64;

  private static final int GROUP = Matrix.WIDTH;
  private static final int HALF_GROUP = GROUP / 2;

  private TileKernel() {}

  /** Whether vectors are as wide as half a group, on which the layout rests. */
  public static boolean fits() {
    return Lanes.LANES == HALF_GROUP;
  }

  /**
   * A packed matrix.
   *
   * @param address of the first element
   * @param rows K, a multiple of 32
   * @param columns N, a multiple of 32
   */
  public record Packed(long address, int rows, int columns) {
    /** Columns of the panel that begins with this one. */
    public int width(int first) {
      return Math.min(PANEL, columns - first);
    }

    /** Address of the panel that begins with this column. */
    public long panel(int first) {
      return address + 2L * first * rows;
    }

    /** Address of the row, an even one, of the panel that begins with this column. */
    public long panel(int first, int row) {
      return panel(first) + 2L * row * width(first);
    }

    /** Address of the pair of rows of a column. */
    private long pair(int pair, int column) {
      int first = column / PANEL * PANEL;
      int in = column - first;
      int group = in / GROUP * GROUP;
      int slot = group + (in % 2) * HALF_GROUP + (in - group) / 2;
      return panel(first) + 4L * ((long) pair * width(first) + slot);
    }
  }

  /** Puts {@code from} (K, N) there. */
  public static void put(Matrix from, Packed into) {
    int pairs = from.rows() / 2;
    for (int c = 0; c < from.columns(); c += GROUP) {
      long step = 4L * into.width(c / PANEL * PANEL);
      putPairs(from.row(0) + 2L * c, 2 * from.stride(), into.pair(0, c), step, pairs);
    }
  }

  /** Puts 32 columns of pairs of rows; steps are bytes from a row to the next. */
  private static void putPairs(long from, long fromStep, long to, long toStep, int pairs) {
    long first = from;
    long at = to;
    for (int i = 0; i < pairs; i++) {
      IntVector a = IntVector.fromMemorySegment(INT, MEMORY, first, ORDER);
      IntVector b = IntVector.fromMemorySegment(INT, MEMORY, first + fromStep, ORDER);
      a.and(~ODD).or(b.lanewise(VectorOperators.LSHL, 16)).intoMemorySegment(MEMORY, at, ORDER);
      a.lanewise(VectorOperators.LSHR, 16)
          .or(b.and(ODD))
          .intoMemorySegment(MEMORY, at + 4L * HALF_GROUP, ORDER);
      first += 2 * fromStep;
      at += toStep;
    }
  }

  /** Puts the transpose of {@code from} (n, k) behind so many rows; n is all columns. */
  public static void putTransposed(Matrix from, Packed into, int row) {
    int[] square = new int[TurnKernel.SIDE * TurnKernel.SIDE];
    for (int c = 0; c < into.columns; c += GROUP) {
      long step = 4L * into.width(c / PANEL * PANEL);
      for (int k = 0; k < from.columns(); k += GROUP) {
        for (int odd = 0; odd < 2; odd++) {
          long source = from.row(c + odd) + 2L * k;
          long target = into.pair((row + k) / 2, c + odd);
          TurnKernel.turn(source, 4 * from.stride(), target, step, square);
        }
      }
    }
  }

  /** The inverse of {@link #putTransposed} from the first row on. */
  public static void takeTransposed(Packed from, Matrix into) {
    int[] square = new int[TurnKernel.SIDE * TurnKernel.SIDE];
    for (int c = 0; c < from.columns; c += GROUP) {
      long step = 4L * from.width(c / PANEL * PANEL);
      for (int k = 0; k < into.columns(); k += GROUP) {
        for (int odd = 0; odd < 2; odd++) {
          long target = into.row(c + odd) + 2L * k;
          TurnKernel.turn(from.pair(k / 2, c + odd), step, target, 4 * into.stride(), square);
        }
      }
    }
  }

  /**
   * Rounds sums to bfloat16.
   *
   * @param stride numbers from one row of sums to the next
   */
  public static void round(long sums, long stride, Matrix into) {
    long from = sums;
    long to = into.row(0);
    int width = into.columns();
    for (int r = 0; r < into.rows(); r++) {
      for (int i = 0; i < width; i += GROUP) {
        IntVector even =
            FloatVector.fromMemorySegment(FLOAT, MEMORY, from + 4L * i, ORDER).reinterpretAsInts();
        IntVector odd =
            FloatVector.fromMemorySegment(FLOAT, MEMORY, from + 4L * (i + HALF_GROUP), ORDER)
                .reinterpretAsInts();
        even = even.add(even.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
        odd = odd.add(odd.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
        even.lanewise(VectorOperators.LSHR, 16)
            .or(odd.and(ODD))
            .intoMemorySegment(MEMORY, to + 2L * i, ORDER);
      }
      from += 4 * stride;
      to += 2 * into.stride();
    }
  }
}
