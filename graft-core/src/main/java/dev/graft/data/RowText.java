package dev.graft.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The texts of rows and messages, whatever their layout. */
public final class RowText {
  private RowText() {}

  /** The whole row without what is the same in many: system messages and tools. */
  public static String spoken(Row row) {
    return switch (row) {
      case Row.Chat chat -> {
        StringBuilder text = new StringBuilder();
        for (Map<String, Object> message : chat.messages()) {
          boolean system =
              "system".equals(message.get("role")) || "developer".equals(message.get("role"));
          text.append(system ? "" : ofMessage(message) + "\n");
        }
        yield text.toString();
      }
      case Row.Preference preference -> spoken(preference.chosen());
      case Row.Feedback feedback -> spoken(feedback.answered());
      case Row.Completion plain -> plain.prompt() + "\n" + plain.completion();
      case Row.Text text -> text.text();
    };
  }

  /** What is to be learnt: the last answer, or the plain text; of a preference the chosen one. */
  public static String answer(Row row) {
    return switch (row) {
      case Row.Chat chat -> ofMessage(chat.messages().getLast());
      case Row.Preference preference -> answer(preference.chosen());
      case Row.Feedback feedback -> answer(feedback.answered());
      case Row.Completion plain -> plain.completion();
      case Row.Text text -> text.text();
    };
  }

  /** Content, reasoning and tool calls of a message. */
  public static String ofMessage(Map<String, Object> message) {
    List<String> parts = new ArrayList<>();
    for (String key : new String[] {"reasoning_content", "content"}) {
      String text = ofContent(message.get(key));
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
  public static String ofContent(@Nullable Object content) {
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
