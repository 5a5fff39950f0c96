package dev.graft.format;

import dev.graft.engine.DType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A tensor whose elements lie in the file one after the other; {@code data} is exactly theirs. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PlainTensor(String name, DType dtype, long[] shape, MemorySegment data)
    implements StoredTensor {
  @Override
  public long[] shape() {
    return shape.clone();
  }

  @Override
  public long elements() {
    return data.byteSize() / dtype.bytes();
  }

  @Override
  public Optional<MemorySegment> mapped() {
    return Optional.of(data);
  }

  @Override
  public void copyTo(MemorySegment out, DType target) {
    Elements.copy(data, dtype, out, target);
  }
}
