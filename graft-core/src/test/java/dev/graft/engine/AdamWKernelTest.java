package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.engine.kernels.AdamWKernel;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The kernel against libtorch's operations, on one thread's part and on several. */
@ExtendWith(TwoThreads.class)
class AdamWKernelTest {
  private static final AdamWKernel.Factors FACTORS =
      new AdamWKernel.Factors(0.999f, 0.1f, 0.999f, 0.001f, 0.3f, 1e-8f, 0.02f);

  private static Tensor some(int n, int seed) {
    Tensor x = Tensor.zeros(DType.F32, Device.CPU, n);
    Random.normalInPlace(x, 0, 1, seed);
    return x;
  }

  @Test
  void update_givesWhatLibtorchGives() {
    for (int n : new int[] {1, 15, 16, 100, 65536, 200_003}) {
      try (Scope scope = Scope.open()) {
        Tensor p = some(n, 1);
        Assumptions.assumeTrue(Kernels.serveFloats(p), "needs the kernels");
        Tensor g = some(n, 2);
        Tensor m = some(n, 3);
        Tensor v = Ops.sqrt(some(n, 4).times(some(n, 4)));
        Tensor expected = plain(p, g, m, v);
        Tensor mean = m.to(DType.F64);
        Ops.lerpInPlace(mean, g.to(DType.F64), 0.1);
        Kernels.adamW(p, g, m, v, FACTORS);
        assertThat(difference(p, expected)).isLessThan(2e-6);
        assertThat(difference(m, mean.to(DType.F32))).isLessThan(1e-6);
      }
    }
  }

  /** The largest. */
  private static double difference(Tensor a, Tensor b) {
    float[] x = a.toFloats();
    float[] y = b.toFloats();
    return IntStream.range(0, x.length).mapToDouble(i -> Math.abs(x[i] - y[i])).max().orElse(0);
  }

  /** The updated p, by way of float64. */
  private static Tensor plain(Tensor p, Tensor g, Tensor m, Tensor v) {
    Tensor mean = m.to(DType.F64);
    Tensor wide = g.to(DType.F64);
    Ops.lerpInPlace(mean, wide, 0.1);
    Tensor square = v.to(DType.F64).mulInPlace(0.999);
    Ops.addcmulInPlace(square, wide, wide, 0.001);
    Tensor divisor = Ops.divInPlace(Ops.sqrt(square), 0.3).addInPlace(1e-8);
    Tensor updated = p.to(DType.F64).mulInPlace(0.999);
    Ops.addcdivInPlace(updated, mean, divisor, -0.02);
    return updated.to(DType.F32);
  }
}
