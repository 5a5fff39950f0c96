package dev.graft.data;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Recognises the shape of one row. */
final class RowParser {
  private final Path file;
  private final long line;

  RowParser(Path file, long line) {
    this.file = file;
    this.line = line;
  }

  Row parse(Map<?, ?> object) {
    if (object.containsKey("messages")) {
      return chat(messages(object.get("messages"), "messages"), object);
    }
    if (object.containsKey("prompt") && object.containsKey("completion")) {
      Object prompt = object.get("prompt");
      Object completion = object.get("completion");
      if (prompt instanceof List<?> && completion instanceof List<?>) {
        List<Map<String, Object>> all = new ArrayList<>(messages(prompt, "prompt"));
        all.addAll(messages(completion, "completion"));
        return chat(all, object);
      }
      return new Row.Completion(
          line, text(prompt, "prompt", true), text(completion, "completion", false));
    }
    if (object.containsKey("text")) {
      return new Row.Text(line, text(object.get("text"), "text", false));
    }
    throw wrong(
        "has none of \"messages\", \"prompt\" with \"completion\", and \"text\"; its keys are "
            + object.keySet());
  }

  private Row.Chat chat(List<Map<String, Object>> messages, Map<?, ?> object) {
    if (!"assistant".equals(messages.getLast().get("role"))) {
      throw wrong("the last message's role is not \"assistant\", so there is no answer to learn");
    }
    Object tools = object.get("tools");
    if (tools != null && !(tools instanceof List<?>)) {
      throw wrong("key \"tools\" is not a list");
    }
    List<Object> offered = tools instanceof List<?> list ? new ArrayList<>(list) : List.of();
    return new Row.Chat(line, messages, offered);
  }

  private List<Map<String, Object>> messages(@Nullable Object value, String key) {
    if (!(value instanceof List<?> list) || list.isEmpty()) {
      throw wrong("key \"" + key + "\" is not a list of messages");
    }
    List<Map<String, Object>> messages = new ArrayList<>();
    for (Object item : list) {
      messages.add(message(item, key + "[" + messages.size() + "]"));
    }
    return messages;
  }

  private Map<String, Object> message(@Nullable Object item, String where) {
    if (!(item instanceof Map<?, ?> map)) {
      throw wrong(where + " is not a message object");
    }
    if (!(map.get("role") instanceof String role) || role.isBlank()) {
      throw wrong(where + " has no \"role\"");
    }
    Object content = map.get("content");
    boolean otherwise = map.containsKey("tool_calls") || map.containsKey("reasoning_content");
    if (content == null && !otherwise) {
      throw wrong(where + " has no \"content\"");
    }
    if (content != null && !(content instanceof String) && !(content instanceof List<?>)) {
      throw wrong(where + ": \"content\" is neither a text nor a list of parts");
    }
    if (role.equals("assistant") && content instanceof String s && s.isBlank() && !otherwise) {
      throw wrong(where + ": the assistant's \"content\" is empty");
    }
    Map<String, Object> message = new LinkedHashMap<>();
    map.forEach((k, v) -> message.put(String.valueOf(k), v));
    return message;
  }

  private String text(@Nullable Object value, String key, boolean mayBeEmpty) {
    if (!(value instanceof String text)) {
      throw wrong("key \"" + key + "\" is not a text");
    }
    if (!mayBeEmpty && text.isBlank()) {
      throw wrong("key \"" + key + "\" is empty");
    }
    return text;
  }

  private InputException wrong(String what) {
    return InputException.at(file, line, what);
  }
}
