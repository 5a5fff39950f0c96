package dev.graft.data;

import dev.graft.text.ChatInput;
import dev.graft.text.ChatTemplate;
import dev.graft.text.LossMask;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How a model's conversations are written, and which characters of them are learnt. */
public final class ChatFormat {
  private final ChatTemplate template;
  private final Set<String> endOfTurnTokens;

  /**
   * A model's format.
   *
   * @param endOfTurnTokens texts that can end a turn: the tokenizer's special tokens
   */
  public ChatFormat(ChatTemplate template, Set<String> endOfTurnTokens) {
    this.template = template;
    this.endOfTurnTokens = Set.copyOf(endOfTurnTokens);
  }

  /** What is learnt of a conversation, and which of its characters came from which message. */
  LossMask mask(Row.Chat row, LossOn lossOn) {
    LossMask.Policy policy =
        switch (lossOn) {
          case COMPLETION -> LossMask.Policy.LAST_TURN;
          case ALL_ASSISTANT -> LossMask.Policy.ALL_ASSISTANT;
          case EVERYTHING -> LossMask.Policy.WHOLE_TEXT;
        };
    return LossMask.of(
        template,
        input(row.messages(), row.tools()),
        new LossMask.Options(policy, endOfTurnTokens));
  }

  /** The text that the model is to go on from: the messages and the header of its reply. */
  public String prompt(List<Map<String, Object>> messages, List<Object> tools) {
    return template.render(input(messages, tools).withGenerationPrompt(true)).text();
  }

  private static ChatInput input(List<Map<String, Object>> messages, List<Object> tools) {
    ChatInput input = ChatInput.of(messages);
    return tools.isEmpty() ? input : input.withTools(tools);
  }
}
