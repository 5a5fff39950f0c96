package dev.graft.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Understands one row: finds its layout and reads it. */
final class RowParser {
  private final RowFields fields;
  private final MessageReader messages;

  RowParser(RowFields fields) {
    this.fields = fields;
    this.messages = new MessageReader(fields);
  }

  Row parse(Optional<DataFormat> given) {
    DataFormat format = given.orElseGet(() -> Layouts.of(fields));
    return switch (format) {
      case MESSAGES, SHAREGPT -> conversation();
      case ALPACA -> alpaca();
      case PROMPT_COMPLETION -> completion();
      case TEXT -> new Row.Text(fields.line(), fields.filledText("text"));
      case PREFERENCE -> preference();
      case FEEDBACK -> feedback();
    };
  }

  private Row.Chat conversation() {
    return chat(messages.list(conversationKey()));
  }

  private String conversationKey() {
    return fields.has("messages") || !fields.has("conversations") ? "messages" : "conversations";
  }

  private Row.Chat alpaca() {
    Layouts.Pair pair = Layouts.pair(fields);
    List<Map<String, Object>> all = new ArrayList<>(history());
    all.add(message("user", question(pair)));
    all.add(message("assistant", fields.filledText(pair.answer())));
    return chat(all);
  }

  /** Instruction and input with a line end between them, as LLaMA-Factory joins them. */
  private String question(Layouts.Pair pair) {
    String question = fields.text(pair.question());
    if (pair.question().equals("instruction")) {
      String input = fields.textOrNothing(fields.has("input") ? "input" : "context");
      if (!input.isEmpty()) {
        question = question.isEmpty() ? input : question + "\n" + input;
      }
    }
    if (question.isBlank()) {
      throw fields.wrong("key " + fields.shown(pair.question()) + " is empty");
    }
    return question;
  }

  /** Earlier turns: pairs of a question and its answer. */
  private List<Map<String, Object>> history() {
    List<?> pairs = fields.list("history");
    List<Map<String, Object>> turns = new ArrayList<>();
    for (Object item : pairs == null ? List.of() : pairs) {
      if (!(item instanceof List<?> pair)
          || pair.size() != 2
          || !(pair.getFirst() instanceof String question)
          || !(pair.getLast() instanceof String answer)) {
        throw fields.wrong("key " + fields.shown("history") + " is not a list of pairs of texts");
      }
      turns.add(message("user", question));
      turns.add(message("assistant", answer));
    }
    return turns;
  }

  private Row completion() {
    Object prompt = fields.get("prompt");
    if (prompt instanceof List<?> && fields.get("completion") instanceof List<?>) {
      List<Map<String, Object>> all = new ArrayList<>(messages.list("prompt"));
      all.addAll(messages.list("completion"));
      return chat(all);
    }
    return new Row.Completion(
        fields.line(), fields.text("prompt"), fields.filledText("completion"));
  }

  private Row preference() {
    return new Preferences(fields, messages).parse(this::chat, this::questionOfPreference);
  }

  /** The messages that both answers follow, or null where the prompt is no conversation. */
  private @Nullable List<Map<String, Object>> questionOfPreference() {
    if (fields.has("messages") || fields.has("conversations")) {
      return messages.list(conversationKey());
    }
    if (fields.get("prompt") instanceof List<?>) {
      return messages.list("prompt");
    }
    if (fields.has("prompt")) {
      return null;
    }
    String key = fields.has("instruction") ? "instruction" : "question";
    if (!fields.has(key)) {
      return null;
    }
    List<Map<String, Object>> all = new ArrayList<>(history());
    all.add(message("user", question(new Layouts.Pair(key, "chosen"))));
    return all;
  }

  private Row.Feedback feedback() {
    Optional<Boolean> good = Layouts.truth(fields.get("label"));
    if (good.isEmpty()) {
      throw fields.wrong("key " + fields.shown("label") + " is neither true nor false");
    }
    Row answered;
    if (fields.has("prompt") && fields.has("completion")) {
      answered = completion();
    } else if (fields.has("messages") || fields.has("conversations")) {
      answered = conversation();
    } else {
      answered = alpaca();
    }
    return new Row.Feedback(fields.line(), answered, good.get());
  }

  private List<Map<String, Object>> withSystem(List<Map<String, Object>> turns) {
    List<Map<String, Object>> all = new ArrayList<>(turns);
    String system = fields.has("system") ? fields.text("system") : "";
    if (system.isBlank()) {
      system = fields.mapping().systemText().orElse("");
    }
    if (!system.isBlank() && !"system".equals(all.getFirst().get("role"))) {
      all.addFirst(message("system", system));
    }
    return all;
  }

  private Row.Chat chat(List<Map<String, Object>> turns) {
    List<Map<String, Object>> all = withSystem(turns);
    if (!"assistant".equals(all.getLast().get("role"))) {
      throw fields.wrong(
          "the last message's role is not \"assistant\", so there is no answer to learn");
    }
    return new Row.Chat(fields.line(), all, messages.tools());
  }

  /** What a row asks, whether it has an answer or not; see {@link PromptRow}. */
  record Asked(List<Map<String, Object>> messages, List<Object> tools, boolean plain) {}

  Asked asked() {
    List<Map<String, Object>> all = new ArrayList<>();
    boolean plain = false;
    if (fields.has("messages") || fields.has("conversations")) {
      all.addAll(messages.list(conversationKey()));
    } else if (fields.get("prompt") instanceof List<?>) {
      all.addAll(messages.list("prompt"));
    } else {
      String key = askingKey();
      plain = key.equals("prompt") || key.equals("text");
      all.addAll(history());
      all.add(message("user", question(new Layouts.Pair(key, ""))));
    }
    if (all.size() > 1 && "assistant".equals(all.getLast().get("role"))) {
      all.removeLast(); // the answer that the row has itself
    }
    return new Asked(withSystem(all), messages.tools(), plain);
  }

  private String askingKey() {
    for (String key : List.of("instruction", "prompt", "question", "input", "text")) {
      if (fields.has(key)) {
        return key;
      }
    }
    throw fields.wrong("has neither messages nor a prompt; its keys are " + fields.keys());
  }

  private static Map<String, Object> message(String role, String content) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", role);
    message.put("content", content);
    return message;
  }
}
