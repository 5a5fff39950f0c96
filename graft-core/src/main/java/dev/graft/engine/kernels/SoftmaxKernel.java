package dev.graft.engine.kernels;

import static dev.graft.engine.kernels.Lanes.CHUNK;
import static dev.graft.engine.kernels.Lanes.FLOAT;
import static dev.graft.engine.kernels.Lanes.HALF;
import static dev.graft.engine.kernels.Lanes.INT;
import static dev.graft.engine.kernels.Lanes.LANES;
import static dev.graft.engine.kernels.Lanes.MEMORY;
import static dev.graft.engine.kernels.Lanes.ODD;
import static dev.graft.engine.kernels.Lanes.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Softmax over the keys that a query sees, and its gradient. */
public final class SoftmaxKernel {
  private static final int NEGATIVE_INFINITY = Float.floatToRawIntBits(Float.NEGATIVE_INFINITY);

  /** Twice the lane: the place of a lane's even element in its chunk. */
  private static final IntVector PLACES = IntVector.zero(INT).addIndex(2);

  private SoftmaxKernel() {}

  /**
   * Which keys each row of scores sees. Rows are ordered by key/value head, query, query head of
   * the group.
   *
   * @param queries of one head
   * @param real how many of them are there; the rest sees nothing
   * @param group rows of one query
   * @param shift position of the first query among the keys
   * @param window keys that a query sees, itself included; 0 for all up to itself
   */
  public record Sight(int queries, int real, int group, int shift, int window) {
    /** The last key that a row sees; −1 where it sees none. */
    int last(int row) {
      int query = row / group % queries;
      return query < real ? shift + query : -1;
    }

    int first(int last) {
      return window > 0 ? Math.max(0, last - window + 1) : 0;
    }
  }

  /**
   * Rows of scores in memory.
   *
   * @param step bytes from one row to the next
   * @param sums whether they are float32 sums as {@link TileKernel} has them, and not bfloat16
   */
  private record Rows(long address, long step, boolean sums) {
    static Rows of(Matrix m) {
      return new Rows(m.address(), 2 * m.stride(), false);
    }

    long at(int row, int column) {
      return address + step * row + (sums ? 4L : 2L) * column;
    }
  }

  /** Scores to {@code softmax(scale · scores)} in place, 0 for keys out of sight; scale > 0. */
  public static void forward(Matrix scores, Sight sight, double scale) {
    forward(Rows.of(scores), sight, scale, scores);
  }

  /** As above, of float32 sums of tiles; {@code stride} numbers from one row to the next. */
  public static void forward(long sums, long stride, Sight sight, double scale, Matrix into) {
    forward(new Rows(sums, 4 * stride, true), sight, scale, into);
  }

  private static void forward(Rows scores, Sight sight, double scale, Matrix into) {
    float[] row = new float[into.columns()];
    float factor = (float) (scale * (1 / Math.log(2)));
    for (int r = 0; r < into.rows(); r++) {
      int last = sight.last(r);
      if (last < 0) {
        zero(into.row(r), 0, into.columns());
        continue;
      }
      int first = sight.first(last);
      int from = first - first % CHUNK;
      int to = last - last % CHUNK + CHUNK;
      long at = scores.at(r, from);
      float largest =
          scores.sums
              ? take(at, row, to - from, first - from, last - first)
              : unpack(at, row, to - from, first - from, last - first);
      float sum = FloatRow.exponentials(row, to - from, largest, factor);
      zero(into.row(r), 0, from);
      FloatRow.pack(row, 1 / sum, into.row(r) + 2L * from, to - from);
      zero(into.row(r), to, into.columns());
    }
  }

  /**
   * Gradient of the scores over that of the probabilities: {@code dS = scale · P ∘ (dP − Σ P∘dP)},
   * 0 for keys out of sight.
   */
  public static void backward(Matrix dp, Matrix p, Sight sight, double scale) {
    backward(Rows.of(dp), p, sight, scale, dp);
  }

  /** As above, of float32 sums of tiles; {@code stride} numbers from one row to the next. */
  public static void backward(
      long sums, long stride, Matrix p, Sight sight, double scale, Matrix into) {
    backward(new Rows(sums, 4 * stride, true), p, sight, scale, into);
  }

  private static void backward(Rows dp, Matrix p, Sight sight, double scale, Matrix into) {
    float[] lanes = new float[LANES];
    float[] row = new float[into.columns()];
    for (int r = 0; r < into.rows(); r++) {
      int last = sight.last(r);
      if (last < 0) {
        zero(into.row(r), 0, into.columns());
        continue;
      }
      int first = sight.first(last);
      int from = first - first % CHUNK;
      int to = last - last % CHUNK + CHUNK;
      long at = dp.at(r, from);
      if (dp.sums) {
        takeVisible(at, row, to - from, first - from, last - first);
      } else {
        unpackVisible(at, row, to - from, first - from, last - first);
      }
      float delta = dot(row, p.row(r) + 2L * from, to - from, lanes);
      zero(into.row(r), 0, from);
      long place = into.row(r) + 2L * from;
      gradient(row, p.row(r) + 2L * from, place, delta, (float) scale, to - from);
      zero(into.row(r), to, into.columns());
    }
  }

  /** Row to scratch, −∞ outside of {@code first … first + more}; the largest element. */
  private static float unpack(long from, float[] to, int n, int first, int more) {
    FloatVector largest = FloatVector.broadcast(FLOAT, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < n; i += CHUNK) {
      IntVector v = IntVector.fromMemorySegment(INT, MEMORY, from + 2L * i, ORDER);
      IntVector place = PLACES.add(i - first);
      IntVector even =
          v.lanewise(VectorOperators.LSHL, 16)
              .blend(NEGATIVE_INFINITY, place.compare(VectorOperators.UGT, more));
      IntVector odd =
          v.and(ODD).blend(NEGATIVE_INFINITY, place.add(1).compare(VectorOperators.UGT, more));
      FloatVector a = even.reinterpretAsFloats();
      FloatVector b = odd.reinterpretAsFloats();
      largest = largest.blend(a, a.compare(VectorOperators.GT, largest));
      largest = largest.blend(b, b.compare(VectorOperators.GT, largest));
      a.intoArray(to, i);
      b.intoArray(to, i + LANES);
    }
    return largest.reduceLanes(VectorOperators.MAX);
  }

  /** As {@link #unpack}, of sums. */
  private static float take(long from, float[] to, int n, int first, int more) {
    FloatVector largest = FloatVector.broadcast(FLOAT, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < n; i += CHUNK) {
      IntVector place = PLACES.add(i - first);
      FloatVector a =
          FloatVector.fromMemorySegment(FLOAT, MEMORY, from + 4L * i, ORDER)
              .reinterpretAsInts()
              .blend(NEGATIVE_INFINITY, place.compare(VectorOperators.UGT, more))
              .reinterpretAsFloats();
      FloatVector b =
          FloatVector.fromMemorySegment(FLOAT, MEMORY, from + 4L * (i + LANES), ORDER)
              .reinterpretAsInts()
              .blend(NEGATIVE_INFINITY, place.add(1).compare(VectorOperators.UGT, more))
              .reinterpretAsFloats();
      largest = largest.blend(a, a.compare(VectorOperators.GT, largest));
      largest = largest.blend(b, b.compare(VectorOperators.GT, largest));
      a.intoArray(to, i);
      b.intoArray(to, i + LANES);
    }
    return largest.reduceLanes(VectorOperators.MAX);
  }

  private static void zero(long row, int from, int to) {
    for (int i = from; i < to; i += CHUNK) {
      IntVector.zero(INT).intoMemorySegment(MEMORY, row + 2L * i, ORDER);
    }
  }

  /** Row to scratch, 0 outside of {@code first … first + more}. */
  private static void unpackVisible(long from, float[] to, int n, int first, int more) {
    for (int i = 0; i < n; i += CHUNK) {
      IntVector v = IntVector.fromMemorySegment(INT, MEMORY, from + 2L * i, ORDER);
      IntVector place = PLACES.add(i - first);
      v.lanewise(VectorOperators.LSHL, 16)
          .blend(0, place.compare(VectorOperators.UGT, more))
          .reinterpretAsFloats()
          .intoArray(to, i);
      v.and(ODD)
          .blend(0, place.add(1).compare(VectorOperators.UGT, more))
          .reinterpretAsFloats()
          .intoArray(to, i + LANES);
    }
  }

  /** As {@link #unpackVisible}, of sums. */
  private static void takeVisible(long from, float[] to, int n, int first, int more) {
    for (int i = 0; i < n; i += CHUNK) {
      IntVector place = PLACES.add(i - first);
      IntVector.fromMemorySegment(INT, MEMORY, from + 4L * i, ORDER)
          .blend(0, place.compare(VectorOperators.UGT, more))
          .reinterpretAsFloats()
          .intoArray(to, i);
      IntVector.fromMemorySegment(INT, MEMORY, from + 4L * (i + LANES), ORDER)
          .blend(0, place.add(1).compare(VectorOperators.UGT, more))
          .reinterpretAsFloats()
          .intoArray(to, i + LANES);
    }
  }

  private static float dot(float[] row, long p, int n, float[] lanes) {
    FloatVector a = FloatVector.zero(FLOAT);
    FloatVector b = FloatVector.zero(FLOAT);
    for (int i = 0; i < n; i += CHUNK) {
      IntVector v = IntVector.fromMemorySegment(INT, MEMORY, p + 2L * i, ORDER);
      a =
          v.lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats()
              .fma(FloatVector.fromArray(FLOAT, row, i), a);
      b = v.and(ODD).reinterpretAsFloats().fma(FloatVector.fromArray(FLOAT, row, i + LANES), b);
    }
    a.add(b).intoArray(lanes, 0);
    return Lanes.sum(lanes);
  }

  private static void gradient(float[] row, long p, long to, float delta, float scale, int n) {
    for (int i = 0; i < n; i += CHUNK) {
      IntVector v = IntVector.fromMemorySegment(INT, MEMORY, p + 2L * i, ORDER);
      IntVector even =
          FloatVector.fromArray(FLOAT, row, i)
              .sub(delta)
              .mul(scale)
              .mul(v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats())
              .reinterpretAsInts();
      IntVector odd =
          FloatVector.fromArray(FLOAT, row, i + LANES)
              .sub(delta)
              .mul(scale)
              .mul(v.and(ODD).reinterpretAsFloats())
              .reinterpretAsInts();
      even = even.add(even.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      odd = odd.add(odd.lanewise(VectorOperators.LSHR, 16).and(1)).add(HALF);
      even.lanewise(VectorOperators.LSHR, 16)
          .or(odd.and(ODD))
          .intoMemorySegment(MEMORY, to + 2L * i, ORDER);
    }
  }
}
