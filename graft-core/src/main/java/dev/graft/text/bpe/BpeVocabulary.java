package dev.graft.text.bpe;

import java.util.List;

/**
 * What training found.
 *
 * @param tokens by id: the special ones, the alphabet of bytes, the merged ones; in byte-level
 *     spelling
 * @param special how many of them, from the first, are special
 * @param merges the first is the first to be applied
 * @param split how texts are split before merging
 */
public record BpeVocabulary(List<String> tokens, int special, List<Merge> merges, WordSplit split) {
  /** Two tokens that become one. */
  public record Merge(String left, String right) {}

  public BpeVocabulary {
    tokens = List.copyOf(tokens);
    merges = List.copyOf(merges);
  }
}
