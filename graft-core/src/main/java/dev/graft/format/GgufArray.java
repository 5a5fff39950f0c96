package dev.graft.format;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An array in the metadata of a GGUF file; its elements are read when they are asked for. */
public final class GgufArray {
  private final GgufValues values;
  private final int elementType;
  private final long count;
  private final long position;

  GgufArray(GgufValues values, int elementType, long count, long position) {
    this.values = values;
    this.elementType = elementType;
    this.count = count;
    this.position = position;
  }

  /** Number of elements. */
  public long size() {
    return count;
  }

  /**
   * All elements: {@link Long}, {@link Double}, {@link Boolean}, {@link String} or {@link
   * GgufArray}.
   */
  public List<Object> toList() {
    List<Object> elements = new ArrayList<>();
    GgufCursor cursor = values.cursorAt(position);
    for (long i = 0; i < count; i++) {
      elements.add(values.read(cursor, elementType, 1));
    }
    return Collections.unmodifiableList(elements);
  }
}
