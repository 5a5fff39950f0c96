package dev.graft.data.write;

import dev.graft.data.read.StrictJson;
import dev.graft.data.write.RowShaper.Unrepresentable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Messages as records of one type: texts under each key, and tool calls with their arguments as
 * JSON in a text, as OpenAI's API has them.
 */
final class ParquetMessages {
  private static final String CALLS = "tool_calls";
  private static final String CALLS_TYPE =
      "STRUCT(\"id\" VARCHAR, \"type\" VARCHAR,"
          + " \"function\" STRUCT(\"name\" VARCHAR, \"arguments\" VARCHAR))[]";
  private static final Set<String> OF_CALLS = Set.of("id", "type", "function");
  private static final Set<String> OF_FUNCTIONS = Set.of("name", "arguments");
  private static final int MOST_KEYS = 100;

  private final Set<String> keys = new LinkedHashSet<>(List.of("role", "content"));

  /** The messages with nothing but texts and calls. */
  List<Map<String, Object>> flat(List<?> messages) throws Unrepresentable {
    List<Map<String, Object>> flat = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    for (Object item : messages) {
      flat.add(message((Map<?, ?>) item, flat.size(), seen));
    }
    if (keys.size() + seen.size() > MOST_KEYS) {
      throw new Unrepresentable("messages have more than " + MOST_KEYS + " different keys");
    }
    keys.addAll(seen);
    return flat;
  }

  private static Map<String, Object> message(Map<?, ?> message, int index, Set<String> seen)
      throws Unrepresentable {
    Map<String, Object> flat = new LinkedHashMap<>();
    for (Map.Entry<?, ?> field : message.entrySet()) {
      String key = String.valueOf(field.getKey());
      Object value = field.getValue();
      if (value == null) {
        continue;
      }
      boolean isCalls = key.equals(CALLS) && value instanceof List<?>;
      if (!isCalls && (!(value instanceof String) || !key.matches("[A-Za-z_][A-Za-z0-9_]*"))) {
        throw new Unrepresentable(
            "message " + (index + 1) + " has a \"" + key + "\" that is no text; use JSON lines");
      }
      flat.put(key, isCalls ? calls((List<?>) value, index) : value);
      seen.add(key);
    }
    return flat;
  }

  private static List<Map<String, Object>> calls(List<?> calls, int index) throws Unrepresentable {
    List<Map<String, Object>> flat = new ArrayList<>();
    for (Object item : calls) {
      if (!(item instanceof Map<?, ?> call)
          || !OF_CALLS.containsAll(call.keySet())
          || !(call.get("function") instanceof Map<?, ?> function)
          || !OF_FUNCTIONS.containsAll(function.keySet())) {
        throw new Unrepresentable(
            "message " + (index + 1) + " has a tool call of an unusual form; use JSON lines");
      }
      Map<String, Object> called = new LinkedHashMap<>();
      called.put("name", String.valueOf(function.get("name")));
      Object arguments = function.get("arguments");
      if (arguments != null) {
        called.put("arguments", arguments instanceof String s ? s : StrictJson.write(arguments));
      }
      Map<String, Object> one = new LinkedHashMap<>();
      for (String key : List.of("id", "type")) {
        if (call.get(key) != null) {
          one.put(key, String.valueOf(call.get(key)));
        }
      }
      one.put("function", called);
      flat.add(one);
    }
    return flat;
  }

  /** DuckDB's type of a list of them. */
  String type() {
    StringJoiner fields = new StringJoiner(", ", "STRUCT(", ")[]");
    for (String key : keys) {
      fields.add("\"" + key + "\" " + (key.equals(CALLS) ? CALLS_TYPE : "VARCHAR"));
    }
    return fields.toString();
  }
}
