package dev.graft.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The merges of a SentencePiece BPE model, which stores none: SentencePiece joins the neighbours
 * whose joined token has the highest score (Kudo and Richardson, 2018), so every way to split a
 * token into two tokens is a merge that ranks by the token's score.
 */
final class ScoreMerges {
  /** Known vocabularies stay below 100; the work grows with the length. */
  private static final int MAX_TOKEN = 1000;

  private final String[] tokens;
  private final double[] scores;
  private final IntPredicate normal;
  private final GgufMetadata metadata;

  /**
   * @param normal whether a token is text, not a control token or a byte
   */
  ScoreMerges(String[] tokens, double[] scores, IntPredicate normal, GgufMetadata metadata) {
    this.tokens = tokens;
    this.scores = scores;
    this.normal = normal;
    this.metadata = metadata;
  }

  private record Merge(String left, String right, double score) {}

  ArrayNode derive() {
    Map<String, Integer> parts = HashMap.newHashMap(tokens.length);
    for (int id = 0; id < tokens.length; id++) {
      if (normal.test(id)) {
        parts.putIfAbsent(tokens[id], id);
      }
    }
    List<Merge> merges = new ArrayList<>();
    for (int id = 0; id < tokens.length; id++) {
      if (Integer.valueOf(id).equals(parts.get(tokens[id]))) {
        split(id, parts, merges);
      }
    }
    merges.sort(Comparator.comparingDouble(Merge::score).reversed());
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    merges.forEach(merge -> list.addArray().add(merge.left).add(merge.right));
    return list;
  }

  private void split(int id, Map<String, Integer> parts, List<Merge> merges) {
    String token = tokens[id];
    if (token.length() > MAX_TOKEN) {
      throw metadata.wrong(
          "tokenizer.ggml.tokens", "has a token of " + token.length() + " letters");
    }
    for (int at = 1; at < token.length(); at++) {
      String left = token.substring(0, at);
      String right = token.substring(at);
      if (parts.containsKey(left) && parts.containsKey(right)) {
        merges.add(new Merge(left, right, scores[id]));
      }
    }
  }
}
