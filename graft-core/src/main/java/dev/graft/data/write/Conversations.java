package dev.graft.data.write;

import dev.graft.data.Row;
import dev.graft.data.write.RowShaper.Unrepresentable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Conversations on their way out. */
final class Conversations {
  private static final Set<String> PLAIN = Set.of("role", "content");

  private Conversations() {}

  /** The row as a conversation; a prompt and its completion are a question and its answer. */
  static Row.Chat of(Row row) throws Unrepresentable {
    return switch (row) {
      case Row.Chat chat -> chat;
      case Row.Completion completion -> {
        if (completion.prompt().isBlank()) {
          throw new Unrepresentable("has an empty prompt, so it is no conversation");
        }
        yield new Row.Chat(
            row.line(),
            List.of(
                message("user", completion.prompt()),
                message("assistant", completion.completion())),
            List.of());
      }
      case Row.Text text -> throw new Unrepresentable("is a plain text, so it is no conversation");
      case Row.Preference preference -> throw new Unrepresentable(Answers.PAIR);
      case Row.Feedback feedback -> throw new Unrepresentable(Answers.LABELLED);
    };
  }

  private static Map<String, Object> message(String role, String content) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", role);
    message.put("content", content);
    return message;
  }

  static Map<String, Object> messages(Row.Chat chat) {
    Map<String, Object> shaped = new LinkedHashMap<>();
    shaped.put("messages", chat.messages());
    putTools(shaped, chat);
    return shaped;
  }

  static void putTools(Map<String, Object> shaped, Row.Chat chat) {
    if (!chat.tools().isEmpty()) {
      shaped.put("tools", chat.tools());
    }
  }

  static void refuseTools(Row.Chat chat) throws Unrepresentable {
    if (!chat.tools().isEmpty()) {
      throw new Unrepresentable("offers tools, which the layout has no place for");
    }
  }

  /** Questions with their answers, texts only. */
  static List<List<String>> turns(List<Map<String, Object>> messages) throws Unrepresentable {
    if (messages.size() % 2 != 0 || messages.isEmpty()) {
      throw new Unrepresentable("its messages are not questions with one answer each");
    }
    List<List<String>> turns = new ArrayList<>();
    for (int i = 0; i < messages.size(); i += 2) {
      if (!"user".equals(messages.get(i).get("role"))
          || !"assistant".equals(messages.get(i + 1).get("role"))) {
        throw new Unrepresentable("its messages are not questions with one answer each");
      }
      turns.add(List.of(text(messages.get(i), i), text(messages.get(i + 1), i + 1)));
    }
    return turns;
  }

  /** The text of a message that is nothing more. */
  static String text(Map<String, Object> message, int index) throws Unrepresentable {
    for (String key : message.keySet()) {
      if (!PLAIN.contains(key)) {
        throw new Unrepresentable(
            "message " + (index + 1) + " has \"" + key + "\", which the layout has no place for");
      }
    }
    if (message.get("content") instanceof String text) {
      return text;
    }
    throw new Unrepresentable("message " + (index + 1) + " is not a text");
  }
}
