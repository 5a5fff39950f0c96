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
  private final int rows;
  private final int columns;

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
    this.rows = Math.toIntExact(rows);
    this.columns = Math.toIntExact(columns);
    long address = memory.raw.data_ptr().address();
    this.packed = new TileKernel.Packed(address, this.rows, this.columns);
  }

  /** Whether matrices of this type and these sizes can be packed here. */
  public static boolean serve(DType dtype, Device device, long... sizes) {
    return Kernels.serve(dtype, device, sizes) && Tiles.isUsed();
  }

  TileKernel.Packed packed() {
    return packed;
  }

  /** Takes over the elements of {@code x} (K, N). */
  public PackedMatrix put(Tensor x) {
    check(x.size(0) == rows && x.size(1) == columns, x);
    TileKernel.put(Kernels.matrix(x, columns), packed, 0, 0);
    return this;
  }

  /** Takes over the transpose of {@code x} (N, k), behind so many rows. */
  public PackedMatrix putTransposed(Tensor x, int row) {
    check(x.size(0) == columns && row + x.size(1) <= rows, x);
    TileKernel.putTransposed(Kernels.matrix(x, x.size(1)), packed, row);
    return this;
  }

  /** Puts the transpose of the first rows into {@code x} (N, k). */
  public void takeTransposed(Tensor x) {
    check(x.size(0) == columns && x.size(1) <= rows, x);
    TileKernel.takeTransposed(packed, Kernels.matrix(x, x.size(1)));
  }

  /** {@code a · this}: (M, K) to (M, N). */
  public Tensor multiply(Tensor a) {
    return multiplyInto(a.newEmpty(a.size(0), columns), a);
  }

  /** As {@link #multiply}, into {@code out} (M, N), whose rows may be part of wider ones. */
  public Tensor multiplyInto(Tensor out, Tensor a) {
    return new TileProduct(columns).add(a, this).into(out);
  }

  /** {@code a · this + b · other}, rounded once: (M, K), (M, L) with (L, N) to (M, N). */
  public Tensor multiply(Tensor a, Tensor b, PackedMatrix other) {
    TileProduct product = new TileProduct(columns).add(a, this).add(b, other);
    return product.into(a.newEmpty(a.size(0), columns));
  }

  private void check(boolean fits, Tensor x) {
    if (!fits) {
      throw new IllegalArgumentException(x + " does not fit (" + rows + ", " + columns + ")");
    }
  }
}
