package dev.graft.data.duplicates;

import java.util.Arrays;
import java.util.List;

/**
 * The newest text of each value that one band of signatures has: a hash table of text numbers,
 * whose keys stand in the signatures.
 */
final class BandTable {
  private final List<short[]> signatures;
  private final int from;
  private final int to;
  private int[] slots = new int[1 << 8];
  private int size;

  /**
   * An empty table.
   *
   * @param signatures of the texts by number
   * @param from first function of the band
   * @param to behind its last
   */
  BandTable(List<short[]> signatures, int from, int to) {
    this.signatures = signatures;
    this.from = from;
    this.to = to;
    Arrays.fill(slots, -1);
  }

  /** The newest text that has the signature's values, or −1. */
  int get(short[] signature) {
    return slots[slot(signature)];
  }

  /** Enters a text, whose signature is in the list; returns the newest one before it, or −1. */
  int put(int number) {
    int slot = slot(signatures.get(number));
    int before = slots[slot];
    slots[slot] = number;
    if (before < 0 && ++size > slots.length / 3 * 2) {
      grow();
    }
    return before;
  }

  private int slot(short[] signature) {
    int mask = slots.length - 1;
    int slot = hash(signature) & mask;
    while (slots[slot] >= 0 && !same(signatures.get(slots[slot]), signature)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private boolean same(short[] a, short[] b) {
    return Arrays.equals(a, from, to, b, from, to);
  }

  private int hash(short[] signature) {
    long key = 0;
    for (int i = from; i < to; i++) {
      key = Shingles.mix(key * 31 + signature[i]);
    }
    return (int) key;
  }

  private void grow() {
    int[] old = slots;
    slots = new int[2 * old.length];
    Arrays.fill(slots, -1);
    for (int number : old) {
      if (number >= 0) {
        slots[slot(signatures.get(number))] = number;
      }
    }
  }
}
