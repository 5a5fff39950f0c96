package dev.graft.data.duplicates;

import java.util.Arrays;

/** A growing array. */
final class IntList {
  private int[] items = new int[1 << 10];
  private int size;

  void add(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, 2 * size);
    }
    items[size++] = item;
  }

  int get(int index) {
    return items[index];
  }

  void set(int index, int item) {
    items[index] = item;
  }
}
