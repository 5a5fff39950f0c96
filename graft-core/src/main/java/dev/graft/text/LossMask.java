package dev.graft.text;

import dev.graft.InputException;
import dev.graft.text.template.CharRange;
import dev.graft.text.template.Part;
import dev.graft.text.template.Rendered;
import dev.graft.text.template.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which characters of a rendered conversation a model learns to write.
 *
 * <p>Of an assistant turn everything the model has to produce is learnt: reasoning, content, tool
 * calls, the template's markup inside the turn and the token that ends it. The header of the turn
 * is given to the model and so is not learnt, nor is white space after the end-of-turn token.
 *
 * @param rendered the rendered conversation, with where its characters came from
 * @param learnt what is learnt, in order, disjoint, not empty
 * @param turns the assistant messages in order; only the last one for {@link Policy#LAST_TURN}
 */
public record LossMask(Rendered rendered, List<CharRange> learnt, List<Turn> turns) {

  /** What is learnt. */
  public enum Policy {
    /** The last assistant message: the completion. */
    LAST_TURN,
    /** Every assistant message. */
    ALL_ASSISTANT,
    /** Every character but those of messages that are not to be learnt. */
    WHOLE_TEXT
  }

  /**
   * How to derive a mask.
   *
   * @param endOfTurnTokens strings that can end a turn: special tokens of the tokenizer; the {@code
   *     eos_token} of the template is always one
   */
  public record Options(Policy policy, Set<String> endOfTurnTokens) {
    public Options {
      endOfTurnTokens = Set.copyOf(endOfTurnTokens);
    }

    /** The last turn alone, ended by one of these tokens. */
    public static Options lastTurn(Set<String> endOfTurnTokens) {
      return new Options(Policy.LAST_TURN, endOfTurnTokens);
    }
  }

  /**
   * One assistant message in the text.
   *
   * @param messageIndex index into the messages
   * @param range from after the header to after the end-of-turn token; empty when the template
   *     prints nothing of the message
   * @param learnt whether the message's {@code train} lets it be learnt
   * @param prefixMatched whether the text before the range is exactly the prompt the model is given
   *     at inference: the messages before, with the generation prompt
   * @param endOfTurnMissing whether no end-of-turn token closes the turn, so that the model does
   *     not learn to stop
   */
  public record Turn(
      int messageIndex,
      CharRange range,
      boolean learnt,
      boolean prefixMatched,
      boolean endOfTurnMissing) {}

  public LossMask {
    learnt = List.copyOf(learnt);
    turns = List.copyOf(turns);
  }

  /**
   * Renders a conversation and finds what is learnt of it. A message with {@code "train": false} is
   * never learnt; the key itself is not shown to the template.
   *
   * @throws InputException if the template refuses the conversation
   */
  public static LossMask of(ChatTemplate template, ChatInput conversation, Options options) {
    List<Map<String, @Nullable Object>> messages = new ArrayList<>();
    List<Boolean> train = new ArrayList<>();
    List<Integer> assistants = new ArrayList<>();
    for (int i = 0; i < conversation.messages().size(); i++) {
      var fields = Messages.fields(conversation.messages().get(i), i);
      train.add(!Messages.isFalse(fields, "train"));
      fields.remove("train");
      if ("assistant".equals(Messages.string(fields, "role"))) {
        assistants.add(i);
      }
      messages.add(fields);
    }
    ChatInput input = conversation.withMessages(messages).withGenerationPrompt(false);
    var finder = new TurnFinder(template, input, options.endOfTurnTokens());
    var turns = new ArrayList<Turn>();
    boolean lastOnly = options.policy() == Policy.LAST_TURN && !assistants.isEmpty();
    for (int i : lastOnly ? List.of(assistants.getLast()) : assistants) {
      turns.add(finder.find(i, assistants, train.get(i)));
    }
    Rendered rendered = finder.rendered();
    List<CharRange> learnt =
        options.policy() == Policy.WHOLE_TEXT
            ? allBut(rendered, turns, train)
            : merged(turns.stream().filter(Turn::learnt).map(Turn::range).toList());
    return new LossMask(rendered, learnt, turns);
  }

  /** The rendered conversation. */
  public String text() {
    return rendered.text();
  }

  /** Whether the template marks its turns with {@code {% generation %}}. */
  public boolean generationBlocks() {
    return !rendered.generations().isEmpty();
  }

  /** The last assistant message, if there is one. */
  public Optional<Turn> lastTurn() {
    return turns.isEmpty() ? Optional.empty() : Optional.of(turns.getLast());
  }

  private static List<CharRange> allBut(Rendered rendered, List<Turn> turns, List<Boolean> train) {
    List<CharRange> excluded = new ArrayList<>();
    turns.stream().filter(turn -> !turn.learnt()).map(Turn::range).forEach(excluded::add);
    for (Span span : rendered.spans()) {
      if (!train.get(span.messageIndex()) && span.part() != Part.ROLE) {
        excluded.add(new CharRange(span.start(), span.end()));
      }
    }
    var out = new ArrayList<CharRange>();
    int from = 0;
    for (CharRange range : merged(excluded)) {
      out.add(new CharRange(from, range.start()));
      from = range.end();
    }
    out.add(new CharRange(from, rendered.text().length()));
    return merged(out);
  }

  /** In order, without empty ones, with those that touch made one. */
  private static List<CharRange> merged(List<CharRange> ranges) {
    var out = new ArrayList<CharRange>();
    for (CharRange range :
        ranges.stream().sorted(Comparator.comparingInt(CharRange::start)).toList()) {
      if (range.length() == 0) {
        continue;
      }
      if (!out.isEmpty() && out.getLast().end() >= range.start()) {
        CharRange before = out.removeLast();
        out.add(new CharRange(before.start(), Math.max(before.end(), range.end())));
      } else {
        out.add(range);
      }
    }
    return out;
  }
}
