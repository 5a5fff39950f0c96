package dev.graft.goal;

import dev.graft.data.Row;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes out of a row the answer that it teaches, with its prompt. */
final class Answers {
  private Answers() {}

  /** Nothing for an answer that was found bad or has no text. */
  static Optional<Sample> of(Row row) {
    return switch (row) {
      case Row.Completion completion -> sample(completion.prompt(), completion.completion());
      case Row.Text text -> sample("", text.text());
      case Row.Preference preference -> of(preference.chosen());
      case Row.Feedback feedback -> feedback.good() ? of(feedback.answered()) : Optional.empty();
      case Row.Chat chat -> chat(chat.messages());
    };
  }

  /** The last message is the answer, the last of the user's the prompt. */
  private static Optional<Sample> chat(List<Map<String, Object>> messages) {
    String prompt = "";
    for (Map<String, Object> message : messages) {
      if ("user".equals(message.get("role"))) {
        prompt = text(message.get("content"));
      }
    }
    return sample(prompt, text(messages.getLast().get("content")));
  }

  private static Optional<Sample> sample(String prompt, String answer) {
    return answer.isBlank() ? Optional.empty() : Optional.of(new Sample(prompt, answer));
  }

  /** A content is a text or a list of parts, of which some have text. */
  private static String text(@Nullable Object content) {
    if (!(content instanceof List<?> parts)) {
      return content instanceof String text ? text : "";
    }
    StringBuilder all = new StringBuilder();
    for (Object part : parts) {
      if (part instanceof Map<?, ?> map && map.get("text") instanceof String text) {
        all.append(text);
      }
    }
    return all.toString();
  }
}
