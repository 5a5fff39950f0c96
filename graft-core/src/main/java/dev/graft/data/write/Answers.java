package dev.graft.data.write;

import dev.graft.data.Row;
import dev.graft.data.write.RowShaper.Unrepresentable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers that somebody judged, on their way out. */
final class Answers {
  static final String PAIR = "holds a chosen and a rejected answer; use --to preference";
  static final String LABELLED = "holds an answer with a label; use --to feedback";

  private static final String UNASKED = "holds an answer without a question";

  private Answers() {}

  static Map<String, Object> preference(Row row) throws Unrepresentable {
    if (!(row instanceof Row.Preference pair)) {
      throw new Unrepresentable("holds no pair of a chosen and a rejected answer");
    }
    Map<String, Object> shaped = new LinkedHashMap<>();
    if (pair.chosen() instanceof Row.Completion chosen
        && pair.rejected() instanceof Row.Completion rejected) {
      shaped.put("prompt", chosen.prompt());
      shaped.put("chosen", chosen.completion());
      shaped.put("rejected", rejected.completion());
    } else if (pair.chosen() instanceof Row.Chat chosen
        && pair.rejected() instanceof Row.Chat rejected) {
      int common = common(chosen.messages(), rejected.messages());
      if (common == 0) {
        throw new Unrepresentable(UNASKED);
      }
      shaped.put("prompt", chosen.messages().subList(0, common));
      shaped.put("chosen", rest(chosen.messages(), common));
      shaped.put("rejected", rest(rejected.messages(), common));
      Conversations.putTools(shaped, chosen);
    } else {
      throw new Unrepresentable("one answer is a text and the other a conversation");
    }
    return shaped;
  }

  /** Messages at the beginning of both, with at least one left for either answer. */
  private static int common(List<Map<String, Object>> a, List<Map<String, Object>> b) {
    int most = Math.min(a.size(), b.size()) - 1;
    int common = 0;
    while (common < most && a.get(common).equals(b.get(common))) {
      common++;
    }
    return common;
  }

  private static List<Map<String, Object>> rest(List<Map<String, Object>> messages, int from) {
    return messages.subList(from, messages.size());
  }

  static List<Map<String, Object>> feedback(Row row) throws Unrepresentable {
    return switch (row) {
      case Row.Feedback answer -> List.of(labelled(answer.answered(), answer.good()));
      case Row.Preference pair ->
          List.of(labelled(pair.chosen(), true), labelled(pair.rejected(), false));
      default -> throw new Unrepresentable("holds no label that says whether the answer is good");
    };
  }

  private static Map<String, Object> labelled(Row answered, boolean good) throws Unrepresentable {
    Map<String, Object> shaped = new LinkedHashMap<>();
    switch (answered) {
      case Row.Completion completion -> {
        shaped.put("prompt", completion.prompt());
        shaped.put("completion", completion.completion());
      }
      case Row.Chat chat when chat.messages().size() > 1 -> {
        int last = chat.messages().size() - 1;
        shaped.put("prompt", chat.messages().subList(0, last));
        shaped.put("completion", rest(chat.messages(), last));
        Conversations.putTools(shaped, chat);
      }
      default -> throw new Unrepresentable(UNASKED);
    }
    shaped.put("label", good);
    return shaped;
  }
}
