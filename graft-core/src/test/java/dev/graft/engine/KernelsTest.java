package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels and libtorch's operations against float64: the kernels may not be less exact. */
class KernelsTest {
  private static final double EPSILON = 1e-5;

  @BeforeEach
  void kernels() {
    assertThat(Kernels.path()).as("the build's options for tests").isEqualTo("vector");
  }

  // ---- tools

  private static Tensor random(long seed, double deviation, long... shape) {
    Tensor t = Tensor.empty(DType.F32, Device.CPU, shape);
    return Random.normalInPlace(t, 0, deviation, seed).to(DType.BF16);
  }

  private static Tensor wide(Tensor x) {
    return x.to(DType.F64);
  }

  /** Neither the largest nor the mean error may be above the plain path's, but for a hair. */
  private static void assertAsExact(Tensor kernel, Tensor plain, Tensor exact) {
    double scale = Ops.maxAbs(exact) * 1e-6;
    Tensor mine = Ops.abs(wide(kernel).minus(exact));
    Tensor theirs = Ops.abs(wide(plain).minus(exact));
    assertThat(Ops.maxAbs(mine)).isLessThanOrEqualTo(Ops.maxAbs(theirs) + scale);
    assertThat(Ops.sum(mine).item()).isLessThanOrEqualTo(Ops.sum(theirs).item() * 1.01 + scale);
  }

  /** Every bfloat16 number as a matrix of rows of 32. */
  private static Tensor everyNumber() {
    float[] all = new float[1 << 16];
    for (int i = 0; i < all.length; i++) {
      all[i] = Float.intBitsToFloat(i << 16);
    }
    return Tensor.of(all, all.length / 32, 32).to(DType.BF16);
  }

  // ---- rows

  @Test
  void addInPlace_equalsLibtorchBitForBit() {
    try (Scope scope = Scope.open()) {
      for (double size : new double[] {1e-30, 1, 1e30}) {
        Tensor a = everyNumber();
        Tensor b = random(1, size, a.shape());
        float[] expected = a.plus(b).toFloats();
        assertThat(Kernels.addInPlace(a, b).toFloats()).containsExactly(expected);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,32,1", "7,64,1", "33,576,1", "3,2048,30", "5,96,1e-4", "4,64,1e15"})
  void rmsNorm_isAsExactAsPlain(int n, int d, double size) {
    try (Scope scope = Scope.open()) {
      Tensor x = random(n, size, n, d);
      Tensor w = random(d, 0.5, d).addInPlace(1);
      Tensor room = x.newEmpty(n, d + 32).fillInPlace(7);
      Tensor y = room.narrow(1, 0, d);
      Tensor inverse = Kernels.rmsNorm(x, w, EPSILON, y);
      Tensor exactInverse = inverse(wide(x));
      Tensor plainInverse = inverse(x.to(DType.F32));
      Tensor plain = x.to(DType.F32).times(plainInverse).to(DType.BF16).times(w);
      assertAsExact(y, plain, wide(x).times(exactInverse).times(wide(w)));
      double error = Ops.maxAbs(wide(inverse).minus(exactInverse)) / Ops.maxAbs(exactInverse);
      assertThat(error).isLessThan(1e-6);
      assertThat(Ops.maxAbs(room.narrow(1, d, 32).copy().addInPlace(-7))).isZero();
    }
  }

  private static Tensor inverse(Tensor x) {
    return Ops.rsqrt(Ops.mean(x.times(x), -1, true).addInPlace(EPSILON));
  }

  @ParameterizedTest
  @CsvSource({"1,32,1", "7,64,1", "33,576,1", "3,2048,30", "5,96,1e-4"})
  void rmsNormBackward_isAsExactAsPlain(int n, int d, double size) {
    try (Scope scope = Scope.open()) {
      Tensor x = random(n, size, n, d);
      Tensor w = random(d, 0.5, d).addInPlace(1);
      Tensor dy = random(3, 0.1, n, d);
      Tensor residual = random(4, 0.1, n, d);
      Tensor inverse = inverse(x.to(DType.F32));
      Tensor exact = rmsNormBackward(wide(dy), wide(x), wide(w), inverse(wide(x)));
      Tensor plain =
          rmsNormBackward(dy.to(DType.F32), x.to(DType.F32), w.to(DType.F32), inverse)
              .to(DType.BF16);
      Tensor y = dy.copy();
      assertAsExact(Kernels.rmsNormBackward(y, x, w, inverse, null), plain, exact);
      assertAsExact(
          Kernels.rmsNormBackward(dy, x, w, inverse, residual),
          plain.plus(residual),
          exact.plus(wide(residual)));
      Tensor forward = x.newEmpty(n, d);
      Tensor _ = Kernels.rmsNorm(x, w, 1e-5, forward);
      assertThat(y.toFloats()).isEqualTo(forward.toFloats()); // in the place of dy
    }
  }

  private static Tensor rmsNormBackward(Tensor dy, Tensor x, Tensor w, Tensor inverse) {
    Tensor normal = x.times(inverse);
    Tensor dn = dy.times(w);
    Tensor mean = Ops.mean(dn.times(normal), -1, true);
    return dn.minus(normal.times(mean)).times(inverse);
  }

  @ParameterizedTest
  @CsvSource({"1,32,1", "9,96,3", "5,1536,1", "4,64,40"})
  void swiglu_isAsExactAsPlain(int n, int width, double size) {
    try (Scope scope = Scope.open()) {
      Tensor gated = random(n, size, n, 2 * width);
      Tensor dy = random(2, 0.3, n, width);
      Tensor gate = gated.narrow(1, 0, width);
      Tensor up = gated.narrow(1, width, width);
      Tensor room = gated.newEmpty(n, width + 32);
      Tensor y = room.narrow(1, 0, width);
      Kernels.swiglu(gated, y);
      assertAsExact(y, Ops.silu(gate).times(up), Ops.silu(wide(gate)).times(wide(up)));

      Tensor plainGate = Ops.siluBackward(dy.times(up), gate);
      Tensor exactGate = Ops.siluBackward(wide(dy).times(wide(up)), wide(gate));
      Tensor plainUp = Ops.silu(gate).times(dy);
      Tensor exactUp = Ops.silu(wide(gate)).times(wide(dy));
      Tensor gradient = gated.copy();
      Kernels.swigluBackwardInPlace(gradient, dy);
      assertThat(dy.toFloats()).isEqualTo(y.toFloats());
      assertAsExact(gradient.narrow(1, 0, width), plainGate, exactGate);
      assertAsExact(gradient.narrow(1, width, width), plainUp, exactUp);
    }
  }

  @Test
  void swiglu_everyNumber_isRoundedWellOrNotFinite() {
    try (Scope scope = Scope.open()) {
      Tensor gate = everyNumber();
      Tensor gated = Ops.cat(1, gate, gate.newEmpty(gate.shape()).fillInPlace(1));
      Tensor y = gate.newEmpty(gate.shape());
      Kernels.swiglu(gated, y);
      double[] x = gate.toDoubles();
      double[] got = y.toDoubles();
      for (int i = 0; i < x.length; i++) {
        if (Double.isNaN(x[i]) || x[i] == Double.NEGATIVE_INFINITY) {
          assertThat(got[i]).as("silu(%s)", x[i]).isNotFinite();
        } else {
          double exact = x[i] / (1 + Math.exp(-x[i]));
          // Half of the last of eight bits, and what the sigmoid is no smaller than, times x.
          double allowed = 1.001 * Math.ulp(Math.abs((float) exact)) * (1 << 15);
          allowed += Math.abs(x[i]) * 0x1p-126;
          assertThat(got[i] == exact || Math.abs(got[i] - exact) <= allowed)
              .as("silu(%s) = %s, got %s", x[i], exact, got[i])
              .isTrue();
        }
      }
    }
  }

  // ---- attention

  private static Tensor mask(Kernels.Sight s, int heads, int keys) {
    double[] mask = new double[heads * s.queries() * s.group() * keys];
    for (int r = 0; r < heads * s.queries() * s.group(); r++) {
      int last = s.shift() + r / s.group() % s.queries();
      int first = s.window() > 0 ? Math.max(0, last - s.window() + 1) : 0;
      for (int k = 0; k < keys; k++) {
        mask[r * keys + k] = k < first || k > last ? Double.NEGATIVE_INFINITY : 0;
      }
    }
    return Tensor.of(mask, heads, (long) s.queries() * s.group(), keys);
  }

  /** Queries, group, shift, window, heads. */
  @ParameterizedTest
  @CsvSource({
    "1,1,0,0,1", "2,3,0,0,2", "31,2,0,0,1", "32,1,0,0,1", "33,8,0,0,1", "128,3,0,0,3",
    "600,1,0,0,1", "70,2,0,5,1", "70,1,0,64,2", "40,2,90,0,1", "40,3,90,33,2", "1,4,95,32,1"
  })
  void softmax_isAsExactAsPlain(int queries, int group, int shift, int window, int heads) {
    try (Scope scope = Scope.open()) {
      Kernels.Sight sight = new Kernels.Sight(queries, queries, group, shift, window);
      int keys = shift + queries;
      int padded = (keys + 31) / 32 * 32;
      Tensor scores = random(queries, 8, heads, (long) queries * group, padded);
      // What is out of sight may be anything.
      Tensor seen = scores.narrow(2, 0, keys);
      Tensor mask = mask(sight, heads, keys);
      Tensor exact = Ops.softmax(wide(seen).times(0.3).plus(mask), -1);
      Tensor plain = Ops.softmax(seen.times(0.3).plus(mask.to(DType.BF16)), -1);
      Tensor p = scores.copy();
      p.narrow(2, keys, padded - keys).fillInPlace(Double.NaN);
      Kernels.softmaxInPlace(p, sight, 0.3);
      assertAsExact(p.narrow(2, 0, keys), plain, exact);
      assertThat(Ops.maxAbs(p.narrow(2, keys, padded - keys))).isZero();
      assertOutOfSightIsZero(p.narrow(2, 0, keys), mask);

      Tensor dp = random(9, 1, p.shape());
      Tensor visible = wide(p.narrow(2, 0, keys));
      Tensor delta = Ops.sum(visible.times(wide(dp.narrow(2, 0, keys))), -1, true);
      Tensor ds = wide(dp.narrow(2, 0, keys)).minus(delta).times(visible).times(0.3);
      Tensor plainDs =
          dp.narrow(2, 0, keys).minus(delta.to(DType.BF16)).times(p.narrow(2, 0, keys)).times(0.3);
      dp.narrow(2, keys, padded - keys).fillInPlace(Double.NaN);
      Kernels.softmaxBackwardInPlace(dp, p, sight, 0.3);
      assertAsExact(dp.narrow(2, 0, keys), plainDs, ds);
      assertThat(Ops.maxAbs(dp.narrow(2, keys, padded - keys))).isZero();
    }
  }

  private static void assertOutOfSightIsZero(Tensor p, Tensor mask) {
    float[] probabilities = p.toFloats();
    double[] masks = mask.toDoubles();
    for (int i = 0; i < masks.length; i++) {
      if (masks[i] != 0) {
        assertThat(probabilities[i]).isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void softmax_visibleNotFinite_rowIsNot(double bad) {
    try (Scope scope = Scope.open()) {
      Tensor scores = random(1, 1, 1, 40, 64);
      scores.narrow(1, 20, 1).narrow(2, 7, 1).fillInPlace(bad);
      Kernels.softmaxInPlace(scores, new Kernels.Sight(40, 40, 1, 0, 0), 1);
      assertThat(Ops.allFinite(scores.narrow(1, 20, 1))).isFalse();
      assertThat(Ops.allFinite(scores.narrow(1, 0, 20))).isTrue();
      assertThat(Ops.allFinite(scores.narrow(1, 21, 19))).isTrue();
    }
  }

  @Test
  void softmax_hugeDifferences_areZerosAndOnes() {
    try (Scope scope = Scope.open()) {
      float[] row = new float[32];
      Arrays.fill(row, -3e38f);
      row[1] = 3e38f;
      row[2] = Float.NEGATIVE_INFINITY;
      Tensor scores = Tensor.of(row, 1, 1, 32).to(DType.BF16);
      Kernels.softmaxInPlace(scores, new Kernels.Sight(1, 1, 1, 31, 0), 5);
      float[] expected = new float[32];
      expected[1] = 1;
      assertThat(scores.toFloats()).containsExactly(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1,1,64", "5,9,3,64", "33,4,4,128", "7,8,1,192"})
  void splitHeads_isAsExactAsPlain_mergeUndoesIt(int n, int heads, int kvHeads, int dim) {
    try (Scope scope = Scope.open()) {
      int group = heads / kvHeads;
      long width = (heads + 2L * kvHeads) * dim;
      Tensor qkv = random(n, 1, n, width);
      Tensor angles = random(heads, 2, n, 1, dim / 2);
      Tensor cos = Tensor.of(map(angles, Math::cos), n, 1, dim / 2).to(DType.BF16);
      Tensor sin = Tensor.of(map(angles, Math::sin), n, 1, dim / 2).to(DType.BF16);
      Kernels.HeadShape shape = new Kernels.HeadShape(segments(n), kvHeads, group, dim);
      Kernels.Heads split = heads(qkv, shape);
      Kernels.splitHeads(qkv, split, shape, cos, sin);
      long queries = (long) heads * dim;
      long keys = (long) kvHeads * dim;
      Tensor exact = rotated(wide(qkv), queries + keys, dim, wide(cos), wide(sin));
      Tensor plain = rotated(qkv, queries + keys, dim, cos, sin);
      assertAsExact(
          bySegment(split.q(), shape, group),
          queries(plain, queries, kvHeads, group),
          queries(exact, queries, kvHeads, group));
      assertAsExact(
          bySegment(split.k(), shape, 1),
          keys(plain, queries, keys, kvHeads),
          keys(exact, queries, keys, kvHeads));
      Tensor values = keys(qkv, queries + keys, keys, kvHeads);
      assertThat(Ops.maxAbs(bySegment(split.v(), shape, 1).minus(values))).isZero();
      // The angles are rounded, so lengths change by a part in two hundred at most.
      Tensor back = Kernels.mergeHeads(split, shape, cos, sin);
      assertThat(Ops.maxAbs(back.minus(qkv))).isLessThan(0.03 * Ops.maxAbs(qkv));
    }
  }

  private static Kernels.Heads heads(Tensor like, Kernels.HeadShape shape) {
    return new Kernels.Heads(
        like.newEmpty(shape.queries()), like.newEmpty(shape.keys()), like.newEmpty(shape.keys()));
  }

  /** One, two or three segments of n tokens in all. */
  private static Segments segments(int n) {
    return new Segments(
        switch (n) {
          case 1 -> new int[] {0, 1};
          case 5 -> new int[] {0, 2, 5};
          default -> new int[] {0, 3, n - 1, n};
        });
  }

  /** Heads of all tokens, (K, N, times, D); what is in the room must be zeros. */
  private static Tensor bySegment(Tensor flat, Kernels.HeadShape shape, int times) {
    Segments segments = shape.segments();
    long each = (long) shape.kvHeads() * times * shape.dim();
    Tensor[] parts = new Tensor[segments.count()];
    for (int s = 0; s < parts.length; s++) {
      int length = segments.length(s);
      int room = segments.room(s);
      Tensor all =
          flat.narrow(0, segments.roomBefore(s) * each, room * each)
              .view(shape.kvHeads(), room, times, shape.dim());
      assertThat(Ops.maxAbs(all.narrow(1, length, room - length))).isZero();
      parts[s] = all.narrow(1, 0, length);
    }
    return Ops.cat(1, parts);
  }

  private static double[] map(Tensor x, java.util.function.DoubleUnaryOperator f) {
    return Arrays.stream(x.toDoubles()).map(f).toArray();
  }

  private static Tensor rotated(Tensor qkv, long width, int dim, Tensor cos, Tensor sin) {
    Tensor turned = qkv.copy();
    Tensor x = qkv.narrow(1, 0, width).view(qkv.size(0), width / dim, dim);
    Tensor y = turned.narrow(1, 0, width).view(qkv.size(0), width / dim, dim);
    long half = dim / 2;
    Tensor a = x.narrow(2, 0, half);
    Tensor b = x.narrow(2, half, half);
    y.narrow(2, 0, half).copyFrom(a.times(cos).minus(b.times(sin)));
    y.narrow(2, half, half).copyFrom(b.times(cos).plus(a.times(sin)));
    return turned;
  }

  private static Tensor queries(Tensor qkv, long width, int kvHeads, int group) {
    long n = qkv.size(0);
    return qkv.narrow(1, 0, width)
        .view(n, kvHeads, group, width / kvHeads / group)
        .permute(1, 0, 2, 3)
        .contiguous();
  }

  private static Tensor keys(Tensor qkv, long from, long width, int kvHeads) {
    return qkv.narrow(1, from, width)
        .view(qkv.size(0), kvHeads, 1, width / kvHeads)
        .permute(1, 0, 2, 3)
        .contiguous();
  }

  @Test
  void joinHeads_equalsPermutation_partHeadsUndoesIt() {
    try (Scope scope = Scope.open()) {
      Kernels.HeadShape shape = new Kernels.HeadShape(segments(7), 3, 2, 32);
      Tensor room = random(1, 1, 7, 3 * 64 + 32);
      Tensor byToken = room.narrow(1, 0, 192);
      Tensor byHead = Kernels.partHeads(byToken, shape);
      Tensor expected = byToken.view(7, 3, 2, 32).permute(1, 0, 2, 3);
      assertThat(Ops.maxAbs(bySegment(byHead, shape, 2).minus(expected))).isZero();
      Tensor back = room.newEmpty(room.shape()).narrow(1, 0, 192);
      Kernels.joinHeads(byHead, shape, back);
      assertThat(Ops.maxAbs(back.minus(byToken))).isZero();
    }
  }

  // ---- loss

  @ParameterizedTest
  @CsvSource({"1,32,1", "5,1024,3", "3,49152,5", "2,2080,80"})
  void crossEntropy_isAsExactAsPlain(int n, int vocabulary, double size) {
    try (Scope scope = Scope.open()) {
      Tensor logits = random(n, size, n, vocabulary);
      SplittableRandom random = new SplittableRandom(n);
      long[] targets = random.longs(n, 0, vocabulary).toArray();
      targets[0] = vocabulary - 1;
      Tensor exact = Ops.logSoftmax(wide(logits), -1);
      Tensor index = Tensor.of(targets, n, 1);
      double[] expected = Ops.gather(exact, index).toDoubles();
      double[] alone = Kernels.crossEntropyInPlace(logits.copy(), targets, Double.NaN);
      Tensor gradient = logits.copy();
      double[] losses = Kernels.crossEntropyInPlace(gradient, targets, 0.01);
      assertThat(alone).containsExactly(losses);
      for (int i = 0; i < n; i++) {
        assertThat(losses[i]).isCloseTo(-expected[i], within(1e-6 * (1 + size)));
      }
      Tensor dz = gradient(exact, index);
      Tensor plain = gradient(Ops.logSoftmax(logits.to(DType.F32), -1), index).to(DType.BF16);
      assertAsExact(gradient, plain, dz);
    }
  }

  private static Tensor gradient(Tensor logP, Tensor index) {
    Tensor dz = Ops.exp(logP);
    Ops.scatterAddInPlace(dz, index, dz.newEmpty(index.shape()).fillInPlace(-1));
    return dz.mulInPlace(0.01);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void crossEntropy_notFinite_lossAndGradientAreNot(double bad) {
    try (Scope scope = Scope.open()) {
      Tensor logits = random(1, 1, 2, 4096);
      logits.narrow(0, 1, 1).narrow(1, 4000, 1).fillInPlace(bad);
      double[] losses = Kernels.crossEntropyInPlace(logits, new long[] {3, 5}, 1);
      assertThat(losses[0]).isFinite();
      assertThat(losses[1]).isNotFinite();
      assertThat(Ops.allFinite(logits.narrow(0, 0, 1))).isTrue();
      assertThat(Ops.allFinite(logits.narrow(0, 1, 1))).isFalse();
    }
  }

  // ---- what does not fit

  @Test
  void serve_otherTypesAndWidths_isFalse() {
    try (Scope scope = Scope.open()) {
      Tensor x = random(1, 1, 2, 64);
      assertThat(Kernels.serve(x, 64, 32)).isTrue();
      assertThat(Kernels.serve(x, 48)).isFalse();
      assertThat(Kernels.serve(x, 0)).isFalse();
      assertThat(Kernels.serve(x.to(DType.F32), 64)).isFalse();
    }
  }

  @Test
  void everyKernel_operandsThatDoNotFit_areRefused() {
    try (Scope scope = Scope.open()) {
      Tensor x = random(1, 1, 4, 64);
      Tensor w = random(2, 1, 64);
      assertRefused(() -> Kernels.addInPlace(x, random(1, 1, 4, 32)));
      assertRefused(() -> Kernels.addInPlace(x, random(1, 1, 3, 64)));
      assertRefused(() -> Kernels.addInPlace(x, random(1, 1, 64, 4).transpose(0, 1)));
      assertRefused(() -> Kernels.rmsNorm(x, w.narrow(0, 0, 32), 1e-5, x));
      assertRefused(() -> Kernels.rmsNorm(x, w, 1e-5, x.to(DType.F32)));
      assertRefused(() -> Kernels.swiglu(x, random(1, 1, 4, 64)));
      assertRefused(() -> Kernels.swigluBackwardInPlace(x, random(1, 1, 3, 32)));
      assertRefused(() -> Kernels.crossEntropyInPlace(x, new long[] {0, 1, 2, 64}, 1));
      assertRefused(() -> Kernels.crossEntropyInPlace(x, new long[] {0, 1, 2}, 1));
      Tensor scores = random(1, 1, 2, 6, 32);
      assertRefused(() -> Kernels.softmaxInPlace(scores, new Kernels.Sight(3, 3, 1, 0, 0), 1));
      assertRefused(() -> Kernels.softmaxInPlace(scores, new Kernels.Sight(6, 6, 1, 27, 0), 1));
      assertRefused(() -> Kernels.softmaxInPlace(scores, new Kernels.Sight(6, 7, 1, 0, 0), 1));
      Kernels.HeadShape odd = new Kernels.HeadShape(segments(5), 1, 1, 32);
      assertRefused(() -> Kernels.splitHeads(random(1, 1, 5, 96), heads(x, odd), odd, w, w));
      assertRefused(() -> Kernels.joinHeads(random(1, 1, 64), odd, x.narrow(1, 0, 32)));
      assertRefused(() -> Kernels.partHeads(random(1, 1, 4, 32), odd));
      assertRefused(() -> new Segments(new int[] {0, 3, 3}));
      assertRefused(() -> new Segments(new int[] {1, 3}));
    }
  }

  private static void assertRefused(Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class);
  }
}
