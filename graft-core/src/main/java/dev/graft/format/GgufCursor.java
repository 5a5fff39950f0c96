package dev.graft.format;

import dev.graft.InputException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;

/** Reads the fields of a GGUF file one after the other, each checked against the file's end. */
final class GgufCursor {
  private final Path file;
  private final MemorySegment bytes;
  private long position;

  GgufCursor(Path file, MemorySegment bytes, long position) {
    this.file = file;
    this.bytes = bytes;
    this.position = position;
  }

  long position() {
    return position;
  }

  long remaining() {
    return bytes.byteSize() - position;
  }

  /** Steps over {@code count} items of {@code size} bytes and gives where they begin. */
  long skip(long count, int size) {
    if (count < 0 || count > remaining() / size) {
      throw InputException.in(
          file,
          "is cut off or broken: "
              + Long.toUnsignedString(count)
              + " items of "
              + size
              + " bytes at byte "
              + position
              + " pass its end");
    }
    long start = position;
    position += count * size;
    return start;
  }

  int u8() {
    return bytes.get(ValueLayout.JAVA_BYTE, skip(1, 1)) & 0xff;
  }

  int u16() {
    return bytes.get(Elements.SHORT, skip(1, 2)) & 0xffff;
  }

  int i32() {
    return bytes.get(Elements.INT, skip(1, 4));
  }

  long i64() {
    return bytes.get(Elements.LONG, skip(1, 8));
  }

  float f32() {
    return bytes.get(Elements.FLOAT, skip(1, 4));
  }

  double f64() {
    return bytes.get(Elements.DOUBLE, skip(1, 8));
  }

  /** A string of at most {@code limit} bytes. */
  String string(long limit) {
    long length = i64();
    long start = skip(length, 1);
    if (length > limit) {
      throw InputException.in(
          file, "is broken: a string of " + length + " bytes, at most " + limit + " can be");
    }
    try {
      return Text.utf8(bytes.asSlice(start, length).toArray(ValueLayout.JAVA_BYTE));
    } catch (CharacterCodingException e) {
      throw InputException.in(file, "is broken: a string at byte " + start + " is not UTF-8", e);
    }
  }
}
