package dev.graft.engine.kernels;

import static dev.graft.engine.kernels.Lanes.CHUNK;
import static dev.graft.engine.kernels.Lanes.FLOAT;
import static dev.graft.engine.kernels.Lanes.INT;
import static dev.graft.engine.kernels.Lanes.LANES;
import static dev.graft.engine.kernels.Lanes.MEMORY;
import static dev.graft.engine.kernels.Lanes.ODD;
import static dev.graft.engine.kernels.Lanes.ORDER;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Attention of one query over a cache of bfloat16 keys and values.
 *
 * <p>The keys of a head lie in blocks of {@link #BLOCK} tokens, in each the elements of one
 * dimension side by side: a vector holds the scores of many tokens, and nothing has to be summed
 * over lanes. Dimensions are in the order of {@link Lanes}, as those of the query are. Values are
 * plain rows.
 */
public final class CacheKernel {
  /** Tokens of a block of keys; the capacity of a cache is a multiple of it. */
  public static final int BLOCK = CHUNK;

  private CacheKernel() {}

  /**
   * One key/value head of one sequence: addresses of its keys and values.
   *
   * @param dim size of a head
   */
  public record Head(long keys, long values, int dim) {}

  /** Stores the key and the value of a token, in the order of {@link Lanes}. */
  public static void store(Head head, int token, float[] k, int keyAt, float[] v, int valueAt) {
    long block = keyBlock(head, token);
    for (int i = 0; i < head.dim; i++) {
      Lanes.put(block + 2L * BLOCK * i, k[keyAt + i]);
    }
    long row = head.values + 2L * head.dim * token;
    for (int i = 0; i < head.dim; i += CHUNK) {
      for (int j = 0; j < LANES; j++) {
        Lanes.put(row + 2L * (i + 2 * j), v[valueAt + i + j]);
        Lanes.put(row + 2L * (i + 2 * j + 1), v[valueAt + i + j + LANES]);
      }
    }
    clearNext(head, token);
  }

  /** Stores keys and values (count, D), plain rows at the addresses, from a token on. */
  public static void store(Head head, int token, long k, long v, int count) {
    for (int t = 0; t < count; t++) {
      long block = keyBlock(head, token + t);
      long row = k + 2L * head.dim * t;
      for (int i = 0; i < head.dim; i++) {
        short value = MEMORY.get(ValueLayout.JAVA_SHORT_UNALIGNED, row + 2L * i);
        MEMORY.set(
            ValueLayout.JAVA_SHORT_UNALIGNED, block + 2L * BLOCK * FloatRows.place(i), value);
      }
    }
    RowKernel.copy(v, head.values + 2L * head.dim * token, head.dim * count);
    clearNext(head, token + count - 1);
  }

  private static long keyBlock(Head head, int token) {
    return head.keys + 2L * ((long) (token - token % BLOCK) * head.dim + token % BLOCK);
  }

  /** Values are read in pairs of tokens: what has no token yet must be a number. */
  private static void clearNext(Head head, int token) {
    if (token % 2 == 0) {
      MEMORY.asSlice(head.values + 2L * head.dim * (token + 1), 2L * head.dim).fill((byte) 0);
    }
  }

  /** The tokens that a query sees, first and last included. */
  public record Sight(int first, int last) {}

  /** D elements of an array from {@code at} on. */
  public record Row(float[] values, int at) {}

  /**
   * {@code softmax(q·Kᵀ/√D)·V} over the tokens in sight.
   *
   * @param scores scratch for as many elements as the blocks in sight have tokens
   */
  public static void attend(Head head, Sight sight, Row q, Row out, float[] scores) {
    int first = sight.first;
    int last = sight.last;
    int begin = first - first % BLOCK;
    int end = last - last % BLOCK + BLOCK;
    for (int t = begin; t < end; t += BLOCK) {
      scoreBlock(head.keys + 2L * t * head.dim, head.dim, q, scores, t - begin);
    }
    for (int t = begin; t < first; t++) {
      scores[FloatRows.place(t - begin)] = Float.NEGATIVE_INFINITY;
    }
    for (int t = last + 1; t < end; t++) {
      scores[FloatRows.place(t - begin)] = Float.NEGATIVE_INFINITY;
    }
    float largest = largest(scores, end - begin);
    float factor = (float) (Exponential.LOG2_E / Math.sqrt(head.dim));
    float sum = FloatRow.exponentials(scores, end - begin, largest, factor);
    long values = head.values + 2L * begin * head.dim;
    int pairs = (last - begin) / 2 + 1;
    for (int i = 0; i < head.dim; i += CHUNK) {
      weigh(values + 2L * i, 2L * head.dim, pairs, scores, 1 / sum, out.values, out.at + i);
    }
  }

  private static void scoreBlock(long keys, int dim, Row query, float[] scores, int to) {
    float[] q = query.values;
    int at = query.at;
    FloatVector a = FloatVector.zero(FLOAT);
    FloatVector b = FloatVector.zero(FLOAT);
    FloatVector c = FloatVector.zero(FLOAT);
    FloatVector d = FloatVector.zero(FLOAT);
    for (int i = 0; i < dim; i += 2) {
      IntVector v = IntVector.fromMemorySegment(INT, MEMORY, keys + 2L * BLOCK * i, ORDER);
      FloatVector x = FloatVector.broadcast(FLOAT, q[at + i]);
      a = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(x, a);
      b = v.and(ODD).reinterpretAsFloats().fma(x, b);
      v = IntVector.fromMemorySegment(INT, MEMORY, keys + 2L * BLOCK * (i + 1), ORDER);
      x = FloatVector.broadcast(FLOAT, q[at + i + 1]);
      c = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(x, c);
      d = v.and(ODD).reinterpretAsFloats().fma(x, d);
    }
    a.add(c).intoArray(scores, to);
    b.add(d).intoArray(scores, to + LANES);
  }

  private static float largest(float[] scores, int n) {
    FloatVector a = FloatVector.broadcast(FLOAT, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < n; i += LANES) {
      a = a.max(FloatVector.fromArray(FLOAT, scores, i));
    }
    return a.reduceLanes(VectorOperators.MAX); // the same in any order
  }

  /** Sum over tokens of weight times value, one chunk of the dimensions. */
  private static void weigh(
      long values, long step, int pairs, float[] weights, float factor, float[] out, int at) {
    FloatVector a = FloatVector.zero(FLOAT);
    FloatVector b = FloatVector.zero(FLOAT);
    FloatVector c = FloatVector.zero(FLOAT);
    FloatVector d = FloatVector.zero(FLOAT);
    long row = values;
    for (int pair = 0; pair < pairs; pair++, row += 2 * step) {
      int in = pair % LANES;
      int place = 2 * (pair - in) + in;
      IntVector v = IntVector.fromMemorySegment(INT, MEMORY, row, ORDER);
      FloatVector w = FloatVector.broadcast(FLOAT, weights[place]);
      a = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(w, a);
      b = v.and(ODD).reinterpretAsFloats().fma(w, b);
      v = IntVector.fromMemorySegment(INT, MEMORY, row + step, ORDER);
      w = FloatVector.broadcast(FLOAT, weights[place + LANES]);
      c = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(w, c);
      d = v.and(ODD).reinterpretAsFloats().fma(w, d);
    }
    a.add(c).mul(factor).intoArray(out, at);
    b.add(d).mul(factor).intoArray(out, at + LANES);
  }
}
