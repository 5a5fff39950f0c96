package dev.graft.data.write;

import dev.graft.data.DataFormat;
import dev.graft.data.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Brings rows into a layout; what it can't hold is refused, never left out. */
public final class RowShaper {
  private final DataFormat format;

  /** A shaper for one layout. */
  public RowShaper(DataFormat format) {
    this.format = format;
  }

  /** A row can't be written in the layout. */
  public static final class Unrepresentable extends Exception {
    private static final long serialVersionUID = 1L;

    Unrepresentable(String what) {
      super(what);
    }
  }

  /** The layout that holds a row as it is. */
  public static DataFormat natural(Row row) {
    return switch (row) {
      case Row.Chat chat -> DataFormat.MESSAGES;
      case Row.Completion completion -> DataFormat.PROMPT_COMPLETION;
      case Row.Text text -> DataFormat.TEXT;
      case Row.Preference preference -> DataFormat.PREFERENCE;
      case Row.Feedback feedback -> DataFormat.FEEDBACK;
    };
  }

  /**
   * The keys and values of the rows that stand for a row: one, or two where a pair of answers
   * becomes two answers with labels.
   */
  public List<Map<String, Object>> shape(Row row) throws Unrepresentable {
    return switch (format) {
      case MESSAGES -> List.of(Conversations.messages(Conversations.of(row)));
      case SHAREGPT -> List.of(ShareGpt.of(Conversations.of(row)));
      case ALPACA -> List.of(alpaca(row));
      case PROMPT_COMPLETION -> List.of(promptCompletion(row));
      case TEXT -> List.of(text(row));
      case PREFERENCE -> List.of(Answers.preference(row));
      case FEEDBACK -> Answers.feedback(row);
    };
  }

  private static Map<String, Object> alpaca(Row row) throws Unrepresentable {
    Row.Chat chat = Conversations.of(row);
    Conversations.refuseTools(chat);
    List<Map<String, Object>> messages = chat.messages();
    Map<String, Object> shaped = new LinkedHashMap<>();
    boolean system = "system".equals(messages.getFirst().get("role"));
    List<List<String>> turns =
        Conversations.turns(messages.subList(system ? 1 : 0, messages.size()));
    shaped.put("instruction", turns.getLast().getFirst());
    shaped.put("input", "");
    shaped.put("output", turns.getLast().getLast());
    if (system) {
      shaped.put("system", Conversations.text(messages.getFirst(), 0));
    }
    if (turns.size() > 1) {
      shaped.put("history", turns.subList(0, turns.size() - 1));
    }
    return shaped;
  }

  private static Map<String, Object> promptCompletion(Row row) throws Unrepresentable {
    if (row instanceof Row.Completion completion) {
      return completion(completion);
    }
    Row.Chat chat = Conversations.of(row);
    Conversations.refuseTools(chat);
    if (chat.messages().size() != 2) {
      throw new Unrepresentable(
          "has "
              + chat.messages().size()
              + " messages; prompt-completion holds one question and its answer");
    }
    List<String> turn = Conversations.turns(chat.messages()).getFirst();
    return completion(new Row.Completion(row.line(), turn.getFirst(), turn.getLast()));
  }

  private static Map<String, Object> completion(Row.Completion completion) {
    Map<String, Object> shaped = new LinkedHashMap<>();
    shaped.put("prompt", completion.prompt());
    shaped.put("completion", completion.completion());
    return shaped;
  }

  private static Map<String, Object> text(Row row) throws Unrepresentable {
    return switch (row) {
      case Row.Text text -> Map.of("text", text.text());
      case Row.Completion completion ->
          Map.of("text", completion.prompt() + completion.completion());
      case Row.Chat chat ->
          throw new Unrepresentable(
              "is a conversation; only a model's chat template makes a text of it");
      case Row.Preference preference -> throw new Unrepresentable(Answers.PAIR);
      case Row.Feedback feedback -> throw new Unrepresentable(Answers.LABELLED);
    };
  }
}
