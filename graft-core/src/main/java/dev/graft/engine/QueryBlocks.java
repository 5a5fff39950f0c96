package dev.graft.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * How attention is worked off: in blocks of queries, each against all the keys that it sees.
 *
 * @param most queries of a block, a multiple of {@code width}
 * @param width what numbers of queries and keys are filled up to a multiple of; 1 for none
 * @param window keys that a query sees, itself included; 0 for all up to itself
 */
public record QueryBlocks(int most, int width, int window) {
  /**
   * Queries and the keys that they see.
   *
   * @param query the first one
   * @param rows queries, those that fill up included
   * @param real how many of them are there
   * @param shift position of the first query among the keys
   * @param key the first key, a multiple of {@code width}
   * @param keys how many, those that fill up included
   */
  public record Block(int query, int rows, int real, int shift, int key, int keys) {}

  /** The blocks of so many queries, with so many shared keys before their own. */
  public List<Block> of(int before, int length) {
    List<Block> blocks = new ArrayList<>();
    for (int at = 0; at < length; at += most) {
      int real = Math.min(most, length - at);
      int place = before + at;
      int first = window > 0 ? Math.max(0, place - window + 1) : 0;
      first -= first % width;
      int keys = filled(place + real) - first;
      blocks.add(new Block(at, filled(real), real, place - first, first, keys));
    }
    return blocks;
  }

  private int filled(int count) {
    return Math.ceilDiv(count, width) * width;
  }
}
