package dev.graft.format;

import dev.graft.engine.DType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A tensor whose elements are computed from the file: dequantised, or with rows in new order. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ComputedTensor(String name, DType dtype, long[] shape, FloatSource source)
    implements StoredTensor {
  @Override
  public long[] shape() {
    return shape.clone();
  }

  @Override
  public long elements() {
    return Shapes.elements(shape);
  }

  @Override
  public Optional<MemorySegment> mapped() {
    return Optional.empty();
  }

  @Override
  public void copyTo(MemorySegment out, DType target) {
    Elements.copy(source, elements(), out, target);
  }
}
