package dev.graft.format;

import dev.graft.InputException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One mapped GGUF file of version 2 or 3, checked: metadata, then the places of the tensors, then
 * their data. <a
 * href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">Specification</a>.
 */
final class GgufPart implements AutoCloseable {
  private static final int MAGIC = 0x46554747; // "GGUF"
  private static final int MAX_NAME = 65_535;
  private static final int MAX_DIMENSIONS = 4;
  private static final long MAX_ALIGNMENT = 1 << 20;

  /**
   * Where a tensor lies.
   *
   * @param type empty when the type is not supported; {@code bytes} is 0 then
   * @param shape row-major: the reverse of the file's order
   * @param offset from the start of the file
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Entry(
      String name, int typeNumber, Optional<GgufType> type, long[] shape, long offset, long bytes) {
    Entry at(long start) {
      return new Entry(name, typeNumber, type, shape, start + offset, bytes);
    }
  }

  private final MappedFile mapped;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final GgufMetadata metadata;

  private GgufPart(MappedFile mapped) {
    this.mapped = mapped;
    GgufCursor cursor = new GgufCursor(mapped.path(), mapped.bytes(), 0);
    checkVersion(cursor);
    long tensors = cursor.i64();
    long pairs = cursor.i64();
    this.metadata = readMetadata(cursor, pairs);
    long alignment = alignment();
    List<Entry> relative = new ArrayList<>();
    for (long i = 0; i != tensors; i++) {
      relative.add(readEntry(cursor, alignment));
    }
    place(relative, (cursor.position() + alignment - 1) / alignment * alignment);
  }

  static GgufPart open(Path file) {
    MappedFile mapped = MappedFile.open(file);
    try {
      return new GgufPart(mapped);
    } catch (RuntimeException e) {
      mapped.close();
      throw e;
    }
  }

  Path path() {
    return mapped.path();
  }

  GgufMetadata metadata() {
    return metadata;
  }

  /** By names of the file, in its order. */
  Map<String, Entry> entries() {
    return entries;
  }

  MemorySegment data(Entry entry) {
    return mapped.bytes().asSlice(entry.offset(), entry.bytes());
  }

  void release() {
    mapped.release();
  }

  @Override
  public void close() {
    mapped.close();
  }

  private void checkVersion(GgufCursor cursor) {
    if (cursor.remaining() < 24 || cursor.i32() != MAGIC) {
      throw broken("not a GGUF file");
    }
    int version = cursor.i32();
    if ((version & 0xffff) == 0) {
      throw broken("big-endian GGUF files are not supported; convert it to little-endian");
    }
    if (version != 2 && version != 3) {
      throw broken(
          "GGUF version " + Integer.toUnsignedString(version) + " is not supported, only 2 and 3");
    }
  }

  private GgufMetadata readMetadata(GgufCursor cursor, long pairs) {
    Map<String, Object> values = new LinkedHashMap<>();
    GgufValues decoder = new GgufValues(path(), mapped.bytes());
    // The cursor fails at the end of the file, so a false count cannot run on.
    for (long i = 0; i != pairs; i++) {
      String key = cursor.string(MAX_NAME);
      if (values.put(key, decoder.read(cursor, cursor.i32(), 1)) != null) {
        throw broken("metadata " + Text.quote(key) + " appears twice");
      }
    }
    return new GgufMetadata(path(), values);
  }

  private long alignment() {
    long alignment = metadata.integer("general.alignment").orElse(32);
    if (Long.bitCount(alignment) != 1 || alignment > MAX_ALIGNMENT) {
      throw metadata.wrong("general.alignment", alignment + " is not a power of two up to 2^20");
    }
    return alignment;
  }

  private Entry readEntry(GgufCursor cursor, long alignment) {
    String name = cursor.string(MAX_NAME);
    int dimensions = cursor.i32();
    if (dimensions < 0 || dimensions > MAX_DIMENSIONS) {
      throw wrong(name, "has " + Integer.toUnsignedString(dimensions) + " dimensions, at most 4");
    }
    long[] shape = new long[dimensions];
    for (int i = dimensions - 1; i >= 0; i--) {
      shape[i] = cursor.i64();
    }
    int number = cursor.i32();
    long offset = cursor.i64();
    if (offset < 0 || offset % alignment != 0) {
      throw wrong(name, "offset " + Long.toUnsignedString(offset) + " is not aligned");
    }
    Optional<GgufType> type = GgufType.of(number);
    long bytes = type.isPresent() ? bytes(name, type.get(), shape) : 0;
    return new Entry(name, number, type, shape, offset, bytes);
  }

  private long bytes(String name, GgufType type, long[] shape) {
    long elements = Shapes.elements(shape);
    long row = shape.length == 0 ? 1 : shape[shape.length - 1];
    if (elements < 0 || elements / type.block > Long.MAX_VALUE / type.bytes) {
      throw wrong(name, "its shape is too large");
    }
    if (row % type.block != 0) {
      throw wrong(name, "rows of " + row + " elements are no whole blocks of " + type);
    }
    return elements / type.block * type.bytes;
  }

  /** Turns offsets into places in the file and checks that no two tensors share a byte. */
  private void place(List<Entry> relative, long dataStart) {
    for (Entry entry : relative) {
      if (entry.offset() > mapped.size() - dataStart
          || entry.bytes() > mapped.size() - dataStart - entry.offset()) {
        throw wrong(entry.name(), "lies outside the file; the file may be cut off");
      }
      if (entries.put(entry.name(), entry.at(dataStart)) != null) {
        throw wrong(entry.name(), "appears twice");
      }
    }
    List<Entry> ordered = new ArrayList<>(entries.values());
    ordered.sort(Comparator.comparingLong(Entry::offset).thenComparingLong(Entry::bytes));
    long next = dataStart;
    for (Entry entry : ordered) {
      if (entry.offset() < next) {
        throw wrong(entry.name(), "overlaps the tensor before it");
      }
      next = entry.offset() + entry.bytes();
    }
  }

  private InputException wrong(String name, String what) {
    return InputException.in(path(), "tensor " + Text.quote(name) + ": " + what);
  }

  private InputException broken(String what) {
    return InputException.in(path(), what);
  }
}
