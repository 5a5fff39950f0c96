package dev.graft.data.check;

import java.util.Arrays;

/** A column of numbers with the row of the training file each belongs to; 12 bytes a row. */
final class Numbers {
  private long[] places = new long[1 << 10];
  private float[] values = new float[1 << 10];
  private int size;

  void add(Place place, float value) {
    if (size == places.length) {
      int wider = Math.multiplyExact(size, 2);
      places = Arrays.copyOf(places, wider);
      values = Arrays.copyOf(values, wider);
    }
    places[size] = place.packed();
    values[size++] = value;
  }

  int size() {
    return size;
  }

  Place place(int index) {
    return Place.unpacked(DataFile.DATA, places[index]);
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
