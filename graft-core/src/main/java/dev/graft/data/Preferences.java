package dev.graft.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a chosen and a rejected answer: texts or messages behind a prompt, or both with the prompt
 * in them, which is then what both begin with.
 */
final class Preferences {
  private final RowFields fields;
  private final MessageReader messages;

  Preferences(RowFields fields, MessageReader messages) {
    this.fields = fields;
    this.messages = messages;
  }

  Row.Preference parse(
      Function<List<Map<String, Object>>, Row.Chat> chat,
      Supplier<@Nullable List<Map<String, Object>>> question) {
    List<Map<String, Object>> before = question.get();
    if (before == null && isText("chosen") && isText("rejected")) {
      return fields.has("prompt") ? afterPrompt() : withPrompt();
    }
    List<Map<String, Object>> chosen = answer("chosen");
    List<Map<String, Object>> rejected = answer("rejected");
    if (before == null && fields.has("prompt")) {
      boolean whole = chosen.size() > 1 && rejected.size() > 1;
      before = whole ? List.of() : List.of(Map.of("role", "user", "content", prompt()));
    }
    List<Map<String, Object>> prompt = before == null ? List.of() : before;
    List<Map<String, Object>> better = joined(prompt, chosen);
    List<Map<String, Object>> worse = joined(prompt, rejected);
    if (better.isEmpty() || !better.getFirst().equals(worse.getFirst())) {
      throw fields.wrong(
          "key "
              + fields.shown("chosen")
              + " and key "
              + fields.shown("rejected")
              + " do not begin with the same message, and there is no prompt");
    }
    return new Row.Preference(fields.line(), chat.apply(better), chat.apply(worse));
  }

  private boolean isText(String key) {
    return fields.get(key) instanceof String;
  }

  private String prompt() {
    return fields.filledText("prompt");
  }

  private Row.Preference afterPrompt() {
    String prompt = fields.text("prompt");
    return pair(prompt, fields.filledText("chosen"), fields.filledText("rejected"));
  }

  /** The prompt is what both have in common, without a space that belongs to the answers. */
  private Row.Preference withPrompt() {
    String chosen = fields.filledText("chosen");
    String rejected = fields.filledText("rejected");
    int common = 0;
    int shorter = Math.min(chosen.length(), rejected.length());
    while (common < shorter && chosen.charAt(common) == rejected.charAt(common)) {
      common++;
    }
    if (common == shorter && chosen.length() == rejected.length()) {
      throw fields.wrong("both answers are the same, and there is no prompt");
    }
    if (common > 0 && Character.isHighSurrogate(chosen.charAt(common - 1))) {
      common--;
    }
    if (common > 0 && chosen.charAt(common - 1) == ' ') {
      common--;
    }
    String better = chosen.substring(common);
    String worse = rejected.substring(common);
    if (better.isBlank() || worse.isBlank()) {
      throw fields.wrong("one answer is how the other begins, so it can't be told from the prompt");
    }
    return pair(chosen.substring(0, common), better, worse);
  }

  private Row.Preference pair(String prompt, String chosen, String rejected) {
    return new Row.Preference(
        fields.line(),
        new Row.Completion(fields.line(), prompt, chosen),
        new Row.Completion(fields.line(), prompt, rejected));
  }

  private List<Map<String, Object>> answer(String key) {
    if (isText(key)) {
      return List.of(Map.of("role", "assistant", "content", fields.filledText(key)));
    }
    return messages.list(key);
  }

  /** An answer that repeats the prompt is the whole conversation already. */
  private static List<Map<String, Object>> joined(
      List<Map<String, Object>> prompt, List<Map<String, Object>> answer) {
    boolean repeats =
        answer.size() > prompt.size() && answer.subList(0, prompt.size()).equals(prompt);
    if (repeats) {
      return answer;
    }
    List<Map<String, Object>> all = new ArrayList<>(prompt);
    all.addAll(answer);
    return all;
  }
}
