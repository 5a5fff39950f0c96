package dev.graft.format;

import dev.graft.InputException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Decodes metadata values of a GGUF file by their type numbers. */
final class GgufValues {
  private static final int STRING = 8;
  private static final int ARRAY = 9;
  private static final int MAX_DEPTH = 8;
  private static final long MAX_STRING = 64L << 20;

  private final Path file;
  private final MemorySegment bytes;

  GgufValues(Path file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  GgufCursor cursorAt(long position) {
    return new GgufCursor(file, bytes, position);
  }

  /** Reads one value; arrays are checked and stepped over. */
  Object read(GgufCursor cursor, int type, int depth) {
    return switch (type) {
      case 0 -> (long) cursor.u8();
      case 1 -> (long) (byte) cursor.u8();
      case 2 -> (long) cursor.u16();
      case 3 -> (long) (short) cursor.u16();
      case 4 -> cursor.i32() & 0xffff_ffffL;
      case 5 -> (long) cursor.i32();
      case 6 -> decimal(cursor.f32());
      case 7 -> cursor.u8() != 0;
      case STRING -> cursor.string(MAX_STRING);
      case ARRAY -> array(cursor, depth);
      case 10 -> unsigned(cursor.i64());
      case 11 -> cursor.i64();
      case 12 -> cursor.f64();
      default ->
          throw InputException.in(
              file, "is broken: metadata value type " + type + " is not one of GGUF");
    };
  }

  private GgufArray array(GgufCursor cursor, int depth) {
    if (depth > MAX_DEPTH) {
      throw InputException.in(file, "is broken: metadata arrays nested deeper than " + MAX_DEPTH);
    }
    int type = cursor.i32();
    long count = cursor.i64();
    long start = cursor.position();
    int size = fixedSize(type);
    if (size > 0) {
      cursor.skip(count, size);
    } else {
      // Elements of these types take at least eight bytes, which bounds the loop by the file.
      if (count < 0 || count > cursor.remaining() / 8) {
        cursor.skip(count, 8);
      }
      for (long i = 0; i < count; i++) {
        step(cursor, type, depth + 1);
      }
    }
    return new GgufArray(this, type, count, start);
  }

  private void step(GgufCursor cursor, int type, int depth) {
    if (type == STRING) {
      cursor.skip(cursor.i64(), 1);
    } else {
      read(cursor, type, depth);
    }
  }

  private static int fixedSize(int type) {
    return switch (type) {
      case 0, 1, 7 -> 1;
      case 2, 3 -> 2;
      case 4, 5, 6 -> 4;
      case 10, 11, 12 -> 8;
      default -> 0;
    };
  }

  private long unsigned(long value) {
    if (value < 0) {
      throw InputException.in(
          file,
          "holds the metadata number " + Long.toUnsignedString(value) + ", which is too large");
    }
    return value;
  }

  /** The shortest decimal of the float, as the number stood before it became a float. */
  private static double decimal(float value) {
    return Double.parseDouble(Float.toString(value));
  }
}
