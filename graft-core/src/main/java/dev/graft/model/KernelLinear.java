package dev.graft.model;

import dev.graft.engine.Kernels;
import dev.graft.engine.Tensor;
import dev.graft.engine.Work;
import dev.graft.engine.kernels.FloatRows;
import dev.graft.engine.kernels.FloatRowsKernel;
import dev.graft.engine.kernels.Matrix;
import dev.graft.engine.kernels.ProductKernel;
import org.jspecify.annotations.Nullable;

/** The weights of a {@link FusedLinear} as {@link ProductKernel} takes them. */
final class KernelLinear {
  private final Matrix matrix;
  private final @Nullable Matrix down;
  private final float @Nullable [] bias;
  private final int in;

  KernelLinear(FusedLinear linear) {
    LoraColumns columns = linear.lora();
    Tensor offset = linear.bias();
    this.in = linear.in();
    this.matrix = matrix(linear.matrix());
    this.down = columns == null ? null : matrix(columns.down());
    this.bias = offset == null ? null : vector(offset);
  }

  /** A dense bfloat16 matrix on the processor. */
  static Matrix matrix(Tensor x) {
    long columns = x.size(1);
    if (x.dim() != 2 || !Kernels.serve(x, columns)) {
      throw new IllegalArgumentException("no kernel works on " + x);
    }
    long address = x.memory().address();
    return new Matrix(address, Math.toIntExact(x.size(0)), Math.toIntExact(columns), columns);
  }

  /** A bfloat16 vector's elements in the order of rows. */
  static float[] vector(Tensor x) {
    long n = x.elements();
    if (!Kernels.serve(x, n)) {
      throw new IllegalArgumentException("no kernel works on " + x);
    }
    return FloatRowsKernel.unpack(x.memory().address(), Math.toIntExact(n));
  }

  int out() {
    return matrix.rows();
  }

  /** Columns that an adapter has added. */
  int rank() {
    return matrix.columns() - in;
  }

  /**
   * The product's input: x (B, in), with an adapter {@code [x | x·Aᵀ]}, for which all members wait.
   */
  FloatRows input(FloatRows x, KernelStep step, int member) {
    Matrix a = down;
    if (a == null) {
      return x;
    }
    KernelStep.Share share = step.share(a.rows(), member);
    Work.product((long) x.rows() * share.size(), a.columns());
    ProductKernel.ordered(new ProductKernel.Part(a, share.from(), share.to()), x, step.low);
    step.team.await();
    FloatRows wide = FloatRows.of(x.rows(), matrix.columns());
    for (int r = 0; r < x.rows(); r++) {
      System.arraycopy(x.values(), x.at(r), wide.values(), wide.at(r), in);
      System.arraycopy(step.low.values(), step.low.at(r), wide.values(), wide.at(r) + in, rank());
    }
    return wide;
  }

  /** A share of the outputs, bias added. */
  void ordered(FloatRows input, FloatRows out, KernelStep.Share share) {
    Work.product((long) input.rows() * share.size(), matrix.columns());
    ProductKernel.ordered(new ProductKernel.Part(matrix, share.from(), share.to()), input, out);
    if (bias != null) {
      for (int r = 0; r < input.rows(); r++) {
        FloatRowsKernel.add(
            out.values(), out.at(r) + share.from(), bias, share.from(), share.size());
      }
    }
  }

  /** The same without bias, in plain order: for the head. */
  void plain(FloatRows input, FloatRows out, KernelStep.Share share) {
    Work.product((long) input.rows() * share.size(), matrix.columns());
    ProductKernel.plain(new ProductKernel.Part(matrix, share.from(), share.to()), input, out);
  }
}
