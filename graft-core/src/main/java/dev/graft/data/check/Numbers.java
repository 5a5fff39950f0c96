package dev.graft.data.check;

import java.util.Arrays;

/** A column of numbers with the line each belongs to; 12 bytes a row. */
final class Numbers {
  private long[] lines = new long[1 << 10];
  private float[] values = new float[1 << 10];
  private int size;

  void add(long line, float value) {
    if (size == lines.length) {
      int wider = Math.multiplyExact(size, 2);
      lines = Arrays.copyOf(lines, wider);
      values = Arrays.copyOf(values, wider);
    }
    lines[size] = line;
    values[size++] = value;
  }

  int size() {
    return size;
  }

  long line(int index) {
    return lines[index];
  }

  float value(int index) {
    return values[index];
  }

  /** The middle value; the upper one of two; 0 for none. */
  float median() {
    if (size == 0) {
      return 0;
    }
    float[] sorted = Arrays.copyOf(values, size);
    Arrays.sort(sorted);
    return sorted[size / 2];
  }
}
