package dev.graft.data.check;

import dev.graft.data.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is wrong with a row before any model sees it. */
final class Shapes {
  private static final List<String> TEXTS =
      List.of("prompt", "completion", "text", "chosen", "rejected");

  private Shapes() {}

  /** What is wrong with a row whose shape was recognised. */
  static List<Issue> of(Row row) {
    List<Issue> issues = new ArrayList<>();
    switch (row) {
      case Row.Chat chat -> Conversation.examine(chat.messages(), issues);
      case Row.Preference preference -> {
        issues.addAll(of(preference.chosen()));
        issues.addAll(of(preference.rejected()));
        if (isSame(preference)) {
          issues.add(
              new Issue(CheckCode.CHOSEN_IS_REJECTED, Shown.quoted(RowTexts.of(row).answer())));
        }
      }
      case Row.Feedback feedback -> issues.addAll(of(feedback.answered()));
      case Row.Completion plain -> blank("completion", plain.completion(), issues);
      case Row.Text text -> blank("text", text.text(), issues);
    }
    return issues;
  }

  private static boolean isSame(Row.Preference row) {
    RowTexts texts = RowTexts.of(row);
    return texts.answer().strip().equals(texts.other().strip());
  }

  private static void blank(String key, String text, List<Issue> issues) {
    if (text.isBlank()) {
      issues.add(new Issue(CheckCode.EMPTY_CONTENT, "\"" + key + "\" is empty"));
    }
  }

  /** What is wrong with a row that was refused; where nothing is known, its message tells. */
  static List<Issue> ofRefused(Map<?, ?> fields, String message) {
    List<Issue> issues = new ArrayList<>();
    for (String key : TEXTS) {
      Object value = fields.get(key);
      if (fields.containsKey(key)
          && (value == null || (value instanceof String s && s.isBlank()))) {
        issues.add(
            new Issue(
                CheckCode.EMPTY_CONTENT,
                "\"" + key + "\" is " + (value == null ? "null" : "empty")));
      }
    }
    if (fields.get("messages") instanceof List<?> messages) {
      Conversation.examine(messages, issues);
    } else {
      for (String answer : new String[] {"completion", "chosen", "rejected"}) {
        if (fields.get(answer) instanceof List<?> list) {
          List<Object> all = new ArrayList<>();
          if (fields.get("prompt") instanceof List<?> prompt) {
            all.addAll(prompt);
          }
          all.addAll(list);
          Conversation.examine(all, issues);
        }
      }
    }
    if (issues.isEmpty()) {
      issues.add(new Issue(CheckCode.MALFORMED_ROW, Shown.line(message, 200)));
    }
    return issues;
  }
}
