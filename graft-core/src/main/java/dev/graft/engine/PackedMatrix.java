package dev.graft.engine;

import dev.graft.engine.kernels.TileKernel;

/**
 * A bfloat16 matrix (K, N) laid out for the processor's tiles, as the second factor of many
 * products: libtorch's product lays it out anew each time.
 */
public final class PackedMatrix {
  /** Bytes that a product takes while it is made. */
  public static final long SCRATCH_BYTES = TileProduct.SCRATCH;

  private final TileKernel.Packed packed;

  /**
   * Of undefined elements.
   *
   * @param memory (K·N), which must outlive the matrix
   */
  public PackedMatrix(Tensor memory, long rows, long columns) {
    if (!serve(memory.dtype(), memory.device(), rows, columns)
        || !memory.isContiguous()
        || memory.elements() != rows * columns) {
      throw new IllegalArgumentException(
          "(" + rows + ", " + columns + ") cannot be packed into " + memory);
    }
    long address = memory.raw.data_ptr().address();
    this.packed = new TileKernel.Packed(address, Math.toIntExact(rows), Math.toIntExact(columns));
  }

  /** Whether matrices of this type and these sizes can be packed here. */
  public static boolean serve(DType dtype, Device device, long... sizes) {
    return Kernels.serve(dtype, device, sizes) && Tiles.isUsed();
  }

  /** Takes over the elements of {@code x} (K, N). */
  public PackedMatrix put(Tensor x) {
    check(x.size(0) == packed.rows() && x.size(1) == packed.columns(), x);
    TileKernel.put(Kernels.matrix(x, packed.columns()), packed);
    return this;
  }

  /** Takes over the transpose of {@code x} (N, k), behind so many rows. */
  public PackedMatrix putTransposed(Tensor x, int row) {
    check(x.size(0) == packed.columns() && row + x.size(1) <= packed.rows(), x);
    TileKernel.putTransposed(Kernels.matrix(x, x.size(1)), packed, row);
    return this;
  }

  /** Puts the transpose of the first rows into {@code x} (N, k). */
  public void takeTransposed(Tensor x) {
    check(x.size(0) == packed.columns() && x.size(1) <= packed.rows(), x);
    TileKernel.takeTransposed(packed, Kernels.matrix(x, x.size(1)));
  }

  /** {@code a · this}: (M, K) to (M, N). */
  public Tensor multiply(Tensor a) {
    return multiplyInto(a.newEmpty(a.size(0), packed.columns()), a);
  }

  /** As {@link #multiply}, into {@code out} (M, N), whose rows may be part of wider ones. */
  public Tensor multiplyInto(Tensor out, Tensor a) {
    return new TileProduct(packed.columns()).add(a, packed).into(out);
  }

  /** {@code a · this + b · other}, rounded once: (M, K), (M, L) with (L, N) to (M, N). */
  public Tensor multiply(Tensor a, Tensor b, PackedMatrix other) {
    TileProduct sum = new TileProduct(packed.columns()).add(a, packed).add(b, other.packed);
    return sum.into(a.newEmpty(a.size(0), packed.columns()));
  }

  private void check(boolean fits, Tensor x) {
    if (!fits) {
      throw new IllegalArgumentException(x + " does not fit " + packed);
    }
  }
}
