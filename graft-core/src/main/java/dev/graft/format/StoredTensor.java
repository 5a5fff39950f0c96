package dev.graft.format;

import dev.graft.engine.DType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A tensor in a file, row-major, little-endian. */
public interface StoredTensor {
  /** The name as {@link Weights} lists it. */
  String name();

  /** Sizes of the dimensions, outermost first; empty for a scalar. A fresh array. */
  long[] shape();

  /** Number of elements: the product of the shape. */
  long elements();

  /** The stored type; {@link DType#F32} for block-quantised tensors, whose values are computed. */
  DType dtype();

  /** The mapped bytes where the elements lie in the file as {@link #dtype()} in row-major order. */
  Optional<MemorySegment> mapped();

  /**
   * Writes all elements, row-major.
   *
   * <p>Conversion goes through float32 (as PyTorch's does) and rounds to nearest, ties to even; NaN
   * becomes the quiet NaN of the target. F64 keeps doubles and integers exact where F64 can.
   *
   * @param out exactly {@code elements() * target.bytes()} bytes
   * @param target a floating type, or {@link #dtype()} itself
   * @throws IllegalArgumentException when {@code out} has another size or {@code target} is neither
   */
  void copyTo(MemorySegment out, DType target);
}
