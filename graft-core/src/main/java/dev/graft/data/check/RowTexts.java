package dev.graft.data.check;

import dev.graft.data.Row;
import dev.graft.data.RowText;
import java.util.List;
import java.util.Map;

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
      prompt
          .append(message.get("role"))
          .append(": ")
          .append(RowText.ofMessage(message))
          .append('\n');
    }
    return new RowTexts(prompt.toString(), RowText.ofMessage(messages.getLast()), "");
  }
}
