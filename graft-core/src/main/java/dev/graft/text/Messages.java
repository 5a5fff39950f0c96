package dev.graft.text;

import dev.graft.InputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Messages as maps, whether they came as maps or as JSON. */
final class Messages {
  private static final List<String> REASONING =
      List.of("reasoning_content", "thinking", "reasoning");

  private Messages() {}

  /** The fields of a message; the map is new and can be changed. */
  static Map<String, @Nullable Object> fields(@Nullable Object message, int index) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    switch (message) {
      case Map<?, ?> map -> map.forEach((key, value) -> fields.put(String.valueOf(key), value));
      case JsonNode node when node.isObject() ->
          node.properties().forEach(e -> fields.put(e.getKey(), e.getValue()));
      case null, default ->
          throw new InputException("messages[" + index + "]: a message must be an object");
    }
    return fields;
  }

  /** The value of a field as a string, or null when it is none. */
  static @Nullable String string(Map<String, @Nullable Object> fields, String key) {
    return switch (fields.get(key)) {
      case String s -> s;
      case JsonNode node when node.isString() -> node.stringValue();
      case null, default -> null;
    };
  }

  static boolean isFalse(Map<String, @Nullable Object> fields, String key) {
    return switch (fields.get(key)) {
      case Boolean b -> !b;
      case JsonNode node when node.isBoolean() -> !node.booleanValue();
      case null, default -> false;
    };
  }

  private static boolean isNull(@Nullable Object value) {
    return value == null || (value instanceof JsonNode node && node.isNull());
  }

  /**
   * The fields with the reasoning under both names that templates read, as transformers does it:
   * {@code reasoning_content} is set from the older names, {@code thinking} where it was missing.
   */
  static Map<String, @Nullable Object> withReasoning(Map<String, @Nullable Object> fields) {
    for (String name : REASONING) {
      Object reasoning = fields.get(name);
      if (!isNull(reasoning)) {
        var out = new LinkedHashMap<String, @Nullable Object>();
        out.put("thinking", reasoning);
        out.putAll(fields);
        out.put("reasoning_content", reasoning);
        return out;
      }
    }
    return fields;
  }
}
