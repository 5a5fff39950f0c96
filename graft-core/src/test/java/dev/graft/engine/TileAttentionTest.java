package dev.graft.engine;

import static dev.graft.engine.TileTests.random;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention with tiles against automatic differentiation of its definition in float64. */
class TileAttentionTest {
  private static final double SCALE = 0.1;

  @BeforeEach
  void tiles() {
    TileTests.needTiles();
  }

  /** A segment's part (K, room·times, D) of what is laid out by segment. */
  private static Tensor part(Tensor all, Kernels.HeadShape shape, long before, long rows) {
    long each = (long) shape.kvHeads() * shape.dim();
    return all.narrow(0, before * each, rows * each).view(shape.kvHeads(), rows, shape.dim());
  }

  private static Tensor queries(Tensor all, Kernels.HeadShape shape, int s) {
    long group = shape.group();
    return part(
        all, shape, shape.segments().roomBefore(s) * group, shape.segments().room(s) * group);
  }

  private static Tensor keys(Tensor all, Kernels.HeadShape shape, int s) {
    return part(all, shape, shape.segments().keyRoomBefore(s), shape.segments().keyRoom(s));
  }

  private static Kernels.Heads heads(Kernels.HeadShape shape, long seed) {
    Segments segments = shape.segments();
    Kernels.Heads heads =
        new Kernels.Heads(
            random(seed, shape.queries()),
            random(seed + 1, shape.keys()),
            random(seed + 2, shape.keys()));
    for (int s = 0; s < segments.count(); s++) {
      clearRoom(queries(heads.q(), shape, s), (long) segments.length(s) * shape.group());
      clearRoom(keys(heads.k(), shape, s), segments.keys(s));
      clearRoom(keys(heads.v(), shape, s), segments.keys(s));
    }
    return heads;
  }

  private static void clearRoom(Tensor rows, long from) {
    if (from < rows.size(1)) {
      rows.narrow(1, from, rows.size(1) - from).mulInPlace(0);
    }
  }

  /** 0 where a row's query sees a key of the segment, and −∞ where not. */
  private static Tensor mask(Kernels.HeadShape shape, int s, int window) {
    Segments segments = shape.segments();
    int rows = segments.length(s) * shape.group();
    double[] mask = new double[rows * segments.keys(s)];
    for (int r = 0; r < rows; r++) {
      int last = segments.before(s) + r / shape.group();
      for (int key = 0; key < segments.keys(s); key++) {
        boolean seen = key <= last && (window == 0 || key > last - window);
        mask[r * segments.keys(s) + key] = seen ? 0 : Double.NEGATIVE_INFINITY;
      }
    }
    return Tensor.of(mask, 1, rows, segments.keys(s));
  }

  /** Relative error of what was made, all of whose room must be zeros. */
  private static double error(Tensor made, Tensor exact) {
    long rows = exact.size(1);
    if (rows < made.size(1)) {
      assertThat(Ops.maxAbs(made.narrow(1, rows, made.size(1) - rows))).isZero();
    }
    Tensor error = made.narrow(1, 0, rows).to(DType.F64).minus(exact);
    return Ops.norm(error) / Math.max(1, Ops.norm(exact)); // of one key there is no gradient
  }

  /** In float64: O, dQ, dK, dV of one segment. */
  private static List<Tensor> exact(
      Kernels.Heads heads, Tensor dOut, Kernels.HeadShape shape, int s, int window) {
    Segments segments = shape.segments();
    long rows = (long) segments.length(s) * shape.group();
    Tensor q = queries(heads.q(), shape, s).narrow(1, 0, rows).to(DType.F64);
    Tensor k = keys(heads.k(), shape, s).narrow(1, 0, segments.keys(s)).to(DType.F64);
    Tensor v = keys(heads.v(), shape, s).narrow(1, 0, segments.keys(s)).to(DType.F64);
    Tensor dO = queries(dOut, shape, s).narrow(1, 0, rows).to(DType.F64);
    Tensor scores = Ops.bmm(q, k.transpose(1, 2)).mulInPlace(SCALE).plus(mask(shape, s, window));
    Tensor p = Ops.softmax(scores, -1);
    Tensor dp = Ops.bmm(dO, v.transpose(1, 2));
    Tensor ds = dp.minus(Ops.sum(dp.times(p), -1, true)).times(p).mulInPlace(SCALE);
    return List.of(
        Ops.bmm(p, v),
        Ops.bmm(ds, k),
        Ops.bmm(ds.transpose(1, 2), q),
        Ops.bmm(p.transpose(1, 2), dO));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 64, 0, 0", // heads, group, their width, shared tokens, window
    "3, 3, 64, 0, 0",
    "3, 3, 64, 36, 0",
    "2, 4, 128, 5, 20",
    "1, 2, 64, 40, 33",
    "2, 1, 64, 0, 70",
    "1, 9, 192, 1, 0"
  })
  void forwardAndBackward_areThoseOfTheDefinition(
      int kvHeads, int group, int dim, int shared, int window) {
    try (Scope scope = Scope.open()) {
      Segments segments = new Segments(new int[] {0, 64, 65, 98, 98 + 130, 228 + 300}, shared);
      Kernels.HeadShape shape = new Kernels.HeadShape(segments, kvHeads, group, dim);
      Kernels.Heads heads = heads(shape, 1);
      Tensor dOut = heads(shape, 4).q();
      TileAttention attention = new TileAttention(shape, window, SCALE);
      Tensor out = attention.forward(heads);
      Kernels.Heads gradients = attention.backward(heads, dOut);
      for (int s = 0; s < segments.count(); s++) {
        List<Tensor> exact = exact(heads, dOut, shape, s, window);
        List<Double> errors = new ArrayList<>();
        errors.add(error(queries(out, shape, s), exact.get(0)));
        errors.add(error(queries(gradients.q(), shape, s), exact.get(1)));
        errors.add(error(keys(gradients.k(), shape, s), exact.get(2)));
        errors.add(error(keys(gradients.v(), shape, s), exact.get(3)));
        // A bfloat16 number is 0.0017 off on average; gradients come from two that were rounded.
        assertThat(errors).as("segment " + s).allMatch(e -> e < 0.006);
      }
    }
  }

  @Test
  void products_areCountedAsTheBlocksSay() {
    try (Scope scope = Scope.open()) {
      Segments segments = new Segments(new int[] {0, 100, 130}, 10);
      Kernels.HeadShape shape = new Kernels.HeadShape(segments, 2, 3, 64);
      Kernels.Heads heads = heads(shape, 1);
      TileAttention attention = new TileAttention(shape, 0, SCALE);
      // 32 queries at once, whose keys are filled up to a multiple of 32.
      double pairs = 32 * (32 + 64 + 96 + 128) + 32 * 64;
      double product = 2 * pairs * 6 * 64;
      long mark = Work.mark();
      attention.forward(heads);
      assertThat(Work.flops(mark, Work.mark())).isEqualTo(2 * product);
      mark = Work.mark();
      attention.backward(heads, heads.q());
      assertThat(Work.flops(mark, Work.mark())).isEqualTo(5 * product);
    }
  }

  @Test
  void whatIsNotLaidOutLikeThat_isRefused() {
    try (Scope scope = Scope.open()) {
      Kernels.HeadShape shape = new Kernels.HeadShape(new Segments(new int[] {0, 10}), 1, 1, 64);
      Kernels.Heads heads = heads(shape, 1);
      TileAttention attention = new TileAttention(shape, 0, SCALE);
      Tensor narrow = heads.q().narrow(0, 0, 64);
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> attention.backward(heads, narrow))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
