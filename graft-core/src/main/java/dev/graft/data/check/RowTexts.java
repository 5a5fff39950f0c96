package dev.graft.data.check;

import dev.graft.data.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The texts of a row that people wrote.
 *
 * @param prompt everything before the answer, with roles; empty for plain text
 * @param answer the last answer, or the plain text; of a preference the chosen one
 * @param other the rejected answer of a preference, else empty
 */
record RowTexts(String prompt, String answer, String other) {

  static RowTexts of(Row row) {
    return switch (row) {
      case Row.Chat chat -> of(chat);
      case Row.Completion plain -> new RowTexts(plain.prompt(), plain.completion(), "");
      case Row.Text text -> new RowTexts("", text.text(), "");
      case Row.Preference preference -> {
        RowTexts chosen = of(preference.chosen());
        yield new RowTexts(chosen.prompt(), chosen.answer(), of(preference.rejected()).answer());
      }
      case Row.Feedback feedback -> of(feedback.answered());
    };
  }

  private static RowTexts of(Row.Chat chat) {
    StringBuilder prompt = new StringBuilder();
    if (!chat.tools().isEmpty()) {
      prompt.append(chat.tools()).append('\n');
    }
    List<Map<String, Object>> messages = chat.messages();
    for (Map<String, Object> message : messages.subList(0, messages.size() - 1)) {
      prompt.append(message.get("role")).append(": ").append(textOf(message)).append('\n');
    }
    return new RowTexts(prompt.toString(), textOf(messages.getLast()), "");
  }

  /** The whole row without what is the same in many: system messages and tools. */
  static String spoken(Row row) {
    return switch (row) {
      case Row.Chat chat -> {
        StringBuilder text = new StringBuilder();
        for (Map<String, Object> message : chat.messages()) {
          boolean system =
              "system".equals(message.get("role")) || "developer".equals(message.get("role"));
          text.append(system ? "" : textOf(message) + "\n");
        }
        yield text.toString();
      }
      case Row.Preference preference -> spoken(preference.chosen());
      case Row.Feedback feedback -> spoken(feedback.answered());
      case Row.Completion plain -> plain.prompt() + "\n" + plain.completion();
      case Row.Text text -> text.text();
    };
  }

  /** Content, reasoning and tool calls of a message. */
  private static String textOf(Map<String, Object> message) {
    List<String> parts = new ArrayList<>();
    for (String key : new String[] {"reasoning_content", "content"}) {
      String text = content(message.get(key));
      if (!text.isEmpty()) {
        parts.add(text);
      }
    }
    Object calls = message.get("tool_calls");
    if (calls != null) {
      parts.add(calls.toString());
    }
    return String.join("\n", parts);
  }

  /** The text of a message's content: a text, or a list of parts of which some are texts. */
  static String content(@Nullable Object content) {
    if (content instanceof String text) {
      return text;
    }
    if (!(content instanceof List<?> parts)) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (Object part : parts) {
      if (part instanceof Map<?, ?> map && map.get("text") instanceof String some) {
        text.append(some);
      } else if (part instanceof String some) {
        text.append(some);
      }
    }
    return text.toString();
  }
}
