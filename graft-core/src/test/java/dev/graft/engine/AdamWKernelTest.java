package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.engine.kernels.AdamWKernel;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The kernel against libtorch's operations, on one thread's part and on several. */
@ExtendWith(TwoThreads.class)
class AdamWKernelTest {
  private static final AdamWKernel.Factors FACTORS =
      new AdamWKernel.Factors(
          0.99f, (float) (1 - 0.9), 0.999f, (float) (1 - 0.999), 0.3f, 1e-8f, 0.02f);

  private static Tensor some(int n, int seed) {
    Tensor x = Tensor.zeros(DType.F32, Device.CPU, n);
    Random.normalInPlace(x, 0, 1, seed);
    return x;
  }

  @Test
  void update_givesWhatLibtorchGives_toTheBit() {
    Assumptions.assumeTrue(System.getProperty("os.arch").equals("amd64"), "rounding of x86-64");
    for (int n : new int[] {1, 15, 16, 100, 65536, 200_003}) {
      try (Scope scope = Scope.open()) {
        Tensor p = some(n, 1);
        Assumptions.assumeTrue(Kernels.serveFloats(p), "needs the kernels");
        Tensor g = some(n, 2);
        Tensor m = some(n, 3);
        Tensor v = some(n, 4).times(some(n, 4));
        v.mulInPlace(v);
        Tensor[] plain = plain(p, g, m, v);
        Kernels.adamW(p, g, m, v, FACTORS);
        assertThat(Arrays.equals(p.toFloats(), plain[0].toFloats())).isTrue();
        assertThat(Arrays.equals(m.toFloats(), plain[1].toFloats())).isTrue();
        assertThat(Arrays.equals(v.toFloats(), plain[2].toFloats())).isTrue();
      }
    }
  }

  /** The updated p, m and v by libtorch's operations. */
  private static Tensor[] plain(Tensor p, Tensor g, Tensor m, Tensor v) {
    Tensor mean = copy(m);
    Ops.lerpInPlace(mean, g, 1 - 0.9);
    Tensor square = copy(v).mulInPlace(0.999);
    Ops.addcmulInPlace(square, g, g, 1 - 0.999);
    Tensor divisor = Ops.divInPlace(Ops.sqrt(square), 0.3).addInPlace(1e-8);
    Tensor updated = copy(p).mulInPlace(0.99);
    Ops.addcdivInPlace(updated, mean, divisor, -0.02);
    return new Tensor[] {updated, mean, square};
  }

  private static Tensor copy(Tensor x) {
    return x.newEmpty(x.shape()).copyFrom(x);
  }
}
