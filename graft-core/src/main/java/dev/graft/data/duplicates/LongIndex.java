package dev.graft.data.duplicates;

import java.util.Arrays;

/** A hash table from well-spread long keys to numbers from zero on, without objects for entries. */
final class LongIndex {
  private long[] keys = new long[1 << 10];
  private int[] values = filled(1 << 10);
  private int size;

  private static int[] filled(int length) {
    int[] empty = new int[length];
    Arrays.fill(empty, -1);
    return empty;
  }

  /** The key's number, or −1. */
  int get(long key) {
    return values[slot(key)];
  }

  /** Sets the key's number; returns the one before, or −1. */
  int put(long key, int value) {
    int slot = slot(key);
    int before = values[slot];
    keys[slot] = key;
    values[slot] = value;
    if (before < 0 && ++size > keys.length / 2) {
      grow();
    }
    return before;
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    int slot = (int) Shingles.mix(key) & mask;
    while (values[slot] >= 0 && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = new long[2 * oldKeys.length];
    values = filled(2 * oldKeys.length);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] >= 0) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }
}
