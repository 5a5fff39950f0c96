package dev.graft.data.write;

import dev.graft.data.Row;
import dev.graft.data.read.StrictJson;
import dev.graft.data.write.RowShaper.Unrepresentable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes conversations as ShareGPT has them. Numbers of calls ({@code id} and {@code tool_call_id})
 * have no place there and are left out: the order of the messages says the same.
 */
final class ShareGpt {
  private static final Map<String, String> ROLES =
      Map.of("system", "system", "user", "human", "assistant", "gpt", "tool", "observation");
  private static final Set<String> KNOWN =
      Set.of("role", "content", "tool_calls", "tool_call_id", "name");

  private ShareGpt() {}

  static Map<String, Object> of(Row.Chat chat) throws Unrepresentable {
    List<Map<String, Object>> conversations = new ArrayList<>();
    for (Map<String, Object> message : chat.messages()) {
      conversations.add(message(message, conversations.size()));
    }
    Map<String, Object> shaped = new LinkedHashMap<>();
    shaped.put("conversations", conversations);
    if (!chat.tools().isEmpty()) {
      shaped.put("tools", StrictJson.write(chat.tools()));
    }
    return shaped;
  }

  private static Map<String, Object> message(Map<String, Object> message, int index)
      throws Unrepresentable {
    String role = ROLES.get(String.valueOf(message.get("role")));
    if (role == null) {
      throw new Unrepresentable(
          "message " + (index + 1) + " has the role " + message.get("role") + ", unknown there");
    }
    for (String key : message.keySet()) {
      if (!KNOWN.contains(key) || (key.equals("name") && !role.equals("observation"))) {
        throw new Unrepresentable(
            "message " + (index + 1) + " has \"" + key + "\", which the layout has no place for");
      }
    }
    if (message.get("tool_calls") instanceof List<?> calls) {
      return calls(message, calls, index);
    }
    if (message.get("content") instanceof String text) {
      return turn(role, text);
    }
    throw new Unrepresentable("message " + (index + 1) + " is not a text");
  }

  private static Map<String, Object> calls(Map<String, Object> message, List<?> calls, int index)
      throws Unrepresentable {
    if (message.get("content") instanceof String text && !text.isEmpty()) {
      throw new Unrepresentable(
          "message " + (index + 1) + " has a text and tool calls, and there it can be one only");
    }
    List<Object> functions = new ArrayList<>();
    for (Object item : calls) {
      if (!(item instanceof Map<?, ?> call)
          || !(call.get("function") instanceof Map<?, ?> called)) {
        throw new Unrepresentable("message " + (index + 1) + " has a tool call without a function");
      }
      functions.add(called);
    }
    Object value = functions.size() == 1 ? functions.getFirst() : functions;
    return turn("function_call", StrictJson.write(value));
  }

  private static Map<String, Object> turn(String from, String value) {
    Map<String, Object> turn = new LinkedHashMap<>();
    turn.put("from", from);
    turn.put("value", value);
    return turn;
  }
}
