package dev.graft.text;

import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Tokens by id and ids by token, the model's and the added ones. */
final class Vocabulary {
  private final Map<String, Integer> ids;
  private final @Nullable String[] tokens;
  private final Map<String, Integer> special;
  private final BitSet specialIds = new BitSet();

  /**
   * @param ids of all tokens; the caller has bounded them
   * @param special the special ones among them
   */
  Vocabulary(Map<String, Integer> ids, Map<String, Integer> special) {
    this.ids = ids;
    int highest = -1;
    for (int id : ids.values()) {
      highest = Math.max(highest, id);
    }
    this.tokens = new @Nullable String[highest + 1];
    ids.forEach((token, id) -> tokens[id] = token);
    var ordered = new LinkedHashMap<String, Integer>();
    special.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .forEach(e -> ordered.put(e.getKey(), e.getValue()));
    this.special = Collections.unmodifiableMap(ordered);
    special.values().forEach(specialIds::set);
  }

  int size() {
    return tokens.length;
  }

  OptionalInt idOf(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  String tokenOf(int id) {
    String token = id < 0 || id >= tokens.length ? null : tokens[id];
    if (token == null) {
      throw new IllegalArgumentException("no token has the id " + id);
    }
    return token;
  }

  Map<String, Integer> specialTokens() {
    return special;
  }

  boolean isSpecial(int id) {
    return id >= 0 && specialIds.get(id);
  }
}
