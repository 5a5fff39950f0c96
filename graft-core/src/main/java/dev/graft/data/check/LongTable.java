package dev.graft.data.check;

import java.util.Arrays;

/** A map from hashes to numbers of at least zero, some 24 to 48 bytes an entry. */
final class LongTable {
  static final long ABSENT = -1;

  private long[] keys = new long[1 << 10];
  private long[] values = filled(keys.length);
  private int size;

  private static long[] filled(int length) {
    long[] values = new long[length];
    Arrays.fill(values, ABSENT);
    return values;
  }

  /** The number of a hash, or {@link #ABSENT}. */
  long get(long hash) {
    return values[slot(keys, values, hash)];
  }

  /** Sets the number of a hash that has none; leaves another alone and returns it. */
  long putIfAbsent(long hash, long value) {
    int slot = slot(keys, values, hash);
    if (values[slot] != ABSENT) {
      return values[slot];
    }
    keys[slot] = hash;
    values[slot] = value;
    if (++size > keys.length * 2L / 3) {
      grow();
    }
    return ABSENT;
  }

  /** Sets the number of a hash. */
  void put(long hash, long value) {
    if (putIfAbsent(hash, value) != ABSENT) {
      values[slot(keys, values, hash)] = value;
    }
  }

  private void grow() {
    long[] widerKeys = new long[Math.multiplyExact(keys.length, 2)];
    long[] widerValues = filled(widerKeys.length);
    for (int i = 0; i < keys.length; i++) {
      if (values[i] != ABSENT) {
        int slot = slot(widerKeys, widerValues, keys[i]);
        widerKeys[slot] = keys[i];
        widerValues[slot] = values[i];
      }
    }
    keys = widerKeys;
    values = widerValues;
  }

  private static int slot(long[] keys, long[] values, long hash) {
    int mask = keys.length - 1;
    int slot = (int) Hashes.mix(hash) & mask;
    while (values[slot] != ABSENT && keys[slot] != hash) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
