package dev.graft.data;

import dev.graft.data.read.StrictJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads conversations into messages as chat templates see them: {@code role}, {@code content},
 * {@code tool_calls} with arguments as objects, and whatever else a message has. Keys without a
 * value are left out, since templates ask whether a key is there.
 */
final class MessageReader {
  /** Roles that ShareGPT and others name otherwise. */
  private static final Map<String, String> ALIASES =
      Map.of(
          "human", "user",
          "gpt", "assistant",
          "chatgpt", "assistant",
          "bot", "assistant",
          "model", "assistant",
          "function", "tool",
          "observation", "tool",
          "function_response", "tool",
          "tool_response", "tool");

  private static final List<String> ROLES =
      List.of("system", "developer", "user", "assistant", "tool");
  private static final List<String> CALLS = List.of("function_call", "tool_call");

  private final RowFields fields;

  MessageReader(RowFields fields) {
    this.fields = fields;
  }

  /** The conversation under a key; never empty. */
  List<Map<String, Object>> list(String key) {
    List<?> list = fields.get(key) instanceof Map<?, ?> one ? List.of(one) : items(key);
    List<Map<String, Object>> messages = new ArrayList<>();
    for (Object item : list) {
      messages.add(message(item, key + "[" + messages.size() + "]"));
    }
    return messages;
  }

  private List<?> items(String key) {
    if (fields.has(key) && !(fields.get(key) instanceof String)) {
      if (fields.get(key) instanceof List<?> list && !list.isEmpty()) {
        return list;
      }
    } else if (fields.has(key)) {
      List<?> list = fields.list(key);
      if (list != null && !list.isEmpty()) {
        return list;
      }
    }
    throw fields.wrong("key " + fields.shown(key) + " is not a list of messages");
  }

  private Map<String, Object> message(@Nullable Object item, String where) {
    if (!(item instanceof Map<?, ?> map)) {
      throw fields.wrong(where + " is not a message object");
    }
    Keys keys = keys(map);
    if (!(map.get(keys.role()) instanceof String theirs) || theirs.isBlank()) {
      throw fields.wrong(where + " has no \"" + keys.role() + "\"");
    }
    Object content = map.get(keys.content());
    Map<String, Object> message = new LinkedHashMap<>();
    if (keys.shareGpt() && CALLS.contains(theirs)) {
      message.put("role", "assistant");
      message.put("content", "");
      message.put("tool_calls", calls(content, where));
    } else {
      message.put("role", role(theirs, keys, where));
      if (map.containsKey(keys.content())) {
        put(message, "content", content);
      }
    }
    copyRest(map, keys, message, where);
    check(message, keys, where);
    return message;
  }

  /** The keys of a message's role and content. */
  private record Keys(String role, String content) {
    boolean shareGpt() {
      return role.equals("from");
    }
  }

  private Keys keys(Map<?, ?> map) {
    String role = fields.mapping().source("role");
    String content = fields.mapping().source("content");
    if (role == null) {
      role = !map.containsKey("role") && map.containsKey("from") ? "from" : "role";
    }
    if (content == null) {
      content = role.equals("from") ? "value" : "content";
    }
    return new Keys(role, content);
  }

  private String role(String theirs, Keys keys, String where) {
    String mapped = fields.mapping().role(theirs);
    if (mapped != null) {
      return mapped;
    }
    String role = ALIASES.getOrDefault(theirs, theirs);
    if (keys.shareGpt() && !ROLES.contains(role)) {
      throw fields.wrong(
          where
              + ": \"from\" is \""
              + RowFields.shortened(theirs)
              + "\"; known are human, gpt, system, function_call and observation,"
              + " others need a mapping of roles");
    }
    return role;
  }

  private void copyRest(Map<?, ?> map, Keys keys, Map<String, Object> message, String where) {
    map.forEach((key, value) -> {
      String name = String.valueOf(key);
      if (value == null || name.equals(keys.role()) || name.equals(keys.content())) {
        return;
      }
      switch (name) {
        case "role", "content" -> {} // mapped to other keys
        case "tool_calls" -> message.put(name, calls(value, where));
        case "function_call" -> message.put("tool_calls", calls(value, where));
        default -> message.put(name, value);
      }
    });
  }

  private void check(Map<String, Object> message, Keys keys, String where) {
    Object content = message.get("content");
    boolean otherwise =
        message.containsKey("tool_calls") || message.containsKey("reasoning_content");
    if (content == null && !otherwise) {
      throw fields.wrong(where + " has no \"" + keys.content() + "\"");
    }
    if (content != null && !(content instanceof String) && !(content instanceof List<?>)) {
      throw fields.wrong(
          where + ": \"" + keys.content() + "\" is neither a text nor a list of parts");
    }
    boolean assistant = "assistant".equals(message.get("role"));
    if (assistant && content instanceof String text && text.isBlank() && !otherwise) {
      throw fields.wrong(where + ": the assistant's \"" + keys.content() + "\" is empty");
    }
  }

  /** Calls as OpenAI's API lists them, from that list, one call, or JSON of either. */
  private List<Object> calls(@Nullable Object given, String where) {
    Object value = given instanceof String text ? json(text, where + ": a tool call") : given;
    List<?> list = value instanceof Map<?, ?> one ? List.of(one) : asList(value, where);
    List<Object> calls = new ArrayList<>();
    for (Object item : list) {
      if (!(item instanceof Map<?, ?> call)) {
        throw fields.wrong(where + ": a tool call is not an object");
      }
      calls.add(call(call));
    }
    return calls;
  }

  private List<?> asList(@Nullable Object value, String where) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw fields.wrong(where + ": \"tool_calls\" is not a list");
  }

  private Map<String, Object> call(Map<?, ?> call) {
    Map<String, Object> result = new LinkedHashMap<>();
    if (call.get("function") instanceof Map<?, ?> function) {
      call.forEach((key, value) -> put(result, String.valueOf(key), value));
      result.put("function", function(function));
    } else if (call.get("name") instanceof String) {
      result.put("type", "function");
      result.put("function", function(call));
    } else {
      call.forEach((key, value) -> put(result, String.valueOf(key), value));
    }
    return result;
  }

  /** OpenAI's API has arguments as JSON in a text; templates write objects as JSON themselves. */
  private static Map<String, Object> function(Map<?, ?> function) {
    Map<String, Object> result = new LinkedHashMap<>();
    function.forEach((key, value) -> put(result, String.valueOf(key), value));
    if (function.get("arguments") instanceof String text) {
      try {
        if (StrictJson.parse(text) instanceof Map<?, ?> arguments) {
          result.put("arguments", arguments);
        }
      } catch (StrictJson.NotJson e) {
        // A text that the template has to write as it is.
      }
    }
    return result;
  }

  /** Tools that are offered, empty for none. */
  List<Object> tools() {
    List<?> tools = fields.list("tools");
    List<?> functions = tools == null ? fields.list("functions") : null;
    List<Object> offered = new ArrayList<>();
    for (Object tool : tools != null ? tools : functions != null ? functions : List.of()) {
      Object value = tool instanceof String text ? json(text, "a tool") : tool;
      if (!(value instanceof Map<?, ?> map)) {
        throw fields.wrong("a tool is not an object");
      }
      boolean bare = map.get("name") instanceof String && !map.containsKey("function");
      offered.add(bare && !map.containsKey("type") ? wrapped(map) : map);
    }
    return offered;
  }

  private static Map<String, Object> wrapped(Map<?, ?> function) {
    Map<String, Object> tool = new LinkedHashMap<>();
    tool.put("type", "function");
    tool.put("function", function);
    return tool;
  }

  private @Nullable Object json(String text, String what) {
    try {
      return StrictJson.parse(text);
    } catch (StrictJson.NotJson e) {
      throw fields.wrong(what + " is not JSON: " + e.what());
    }
  }

  /** Values may be null, which the map's type does not say. */
  @SuppressWarnings("NullAway")
  private static void put(Map<String, Object> map, String key, @Nullable Object value) {
    map.put(key, value);
  }
}
