package dev.graft.text;

import dev.graft.InputException;
import dev.graft.text.template.CharRange;
import dev.graft.text.template.Part;
import dev.graft.text.template.Rendered;
import dev.graft.text.template.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds where the assistant messages of a conversation stand in its text. */
final class TurnFinder {
  /** How far before a message its header is looked for, in characters. */
  private static final int MAX_GAP = 2048;

  private static final String HEADER_ENDS = "\n>]";

  private final ChatTemplate template;
  private final ChatInput input;
  private final Rendered rendered;
  private final String text;
  private final EndOfTurn endOfTurn;

  TurnFinder(ChatTemplate template, ChatInput input, Set<String> endOfTurnTokens) {
    this.template = template;
    this.input = input;
    this.rendered = template.render(input);
    this.text = rendered.text();
    Set<String> tokens = new TreeSet<>(endOfTurnTokens);
    String eos = template.specialTokens().get("eos_token");
    if (input.variables().get("eos_token") instanceof String own) {
      eos = own;
    }
    if (eos != null) {
      tokens.add(eos);
    }
    tokens.remove("");
    this.endOfTurn = new EndOfTurn(rendered, tokens);
  }

  Rendered rendered() {
    return rendered;
  }

  /** The turn of one assistant message. */
  LossMask.Turn find(int message, List<Integer> assistants, boolean learnt) {
    String prompt = prefix(message, true);
    boolean matched = prompt != null && text.startsWith(prompt);
    if (!rendered.generations().isEmpty()) {
      return inBlocks(message, assistants, learnt, matched);
    }
    int limit = limit(message);
    int first = firstSpan(message, limit);
    int start = matched && prompt != null ? afterPrompt(message, prompt, first) : -1;
    boolean exact = start >= 0;
    if (!exact) {
      start = afterHeader(message, prompt, first);
    }
    if (start < 0 || start > limit) {
      return new LossMask.Turn(message, new CharRange(0, 0), learnt, false, true);
    }
    int last = Math.max(start, lastSpanEnd(message, limit));
    int end = endOfTurn.after(start, last, limit);
    boolean missing = end < 0;
    if (missing) {
      end = Math.max(last, withoutSpace(last, headerLimit(message, limit, last)));
    }
    return new LossMask.Turn(message, new CharRange(start, end), learnt, exact, missing);
  }

  /** The text of the messages before one, or null when the template refuses them. */
  private @Nullable String prefix(int messages, boolean prompt) {
    try {
      var before = input.withMessages(input.messages().subList(0, messages));
      return template.render(before.withGenerationPrompt(prompt)).text();
    } catch (InputException refused) {
      return null;
    }
  }

  /** Where the turn and what belongs to it ends at the latest. */
  private int limit(int message) {
    if (message + 1 == input.messages().size()) {
      return text.length();
    }
    String with = prefix(message + 1, false);
    if (with != null && text.startsWith(with)) {
      return with.length();
    }
    boolean seen = false;
    for (Span span : rendered.spans()) {
      seen |= span.messageIndex() == message;
      if (seen && span.messageIndex() > message) {
        return span.start();
      }
    }
    return text.length();
  }

  /** The end of a turn nothing closes: the limit, unless it was only guessed from a later span. */
  private int headerLimit(int message, int limit, int last) {
    boolean guessed =
        rendered.spans().stream()
            .anyMatch(span -> span.start() == limit && span.messageIndex() > message);
    return guessed ? last : limit;
  }

  private int withoutSpace(int from, int to) {
    int end = to;
    while (end > from && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  private static boolean isBody(Span span, int message) {
    return span.messageIndex() == message && span.part() != Part.ROLE;
  }

  private int firstSpan(int message, int limit) {
    for (Span span : rendered.spans()) {
      if (isBody(span, message) && span.start() < limit) {
        return span.start();
      }
    }
    return -1;
  }

  private int lastSpanEnd(int message, int limit) {
    int end = -1;
    for (Span span : rendered.spans()) {
      if (isBody(span, message) && span.start() < limit) {
        end = span.end();
      }
    }
    return end;
  }

  /**
   * The end of a prompt that begins the text; -1 when a header follows, because the template does
   * not print one for {@code add_generation_prompt}.
   */
  private int afterPrompt(int message, String prompt, int first) {
    int start = prompt.length();
    if (first < 0 || first <= start || !prompt.equals(prefix(message, false))) {
      return start;
    }
    String gap = text.substring(start, first).toLowerCase(Locale.ROOT);
    boolean header =
        gap.contains("assistant")
            || rendered.spans().stream()
                .anyMatch(span ->
                    span.messageIndex() == message
                        && span.part() == Part.ROLE
                        && span.start() >= start
                        && span.end() <= first);
    return header ? -1 : start;
  }

  /**
   * Where the turn begins when the prompt does not begin the text: after the generation prompt if
   * that stands before the message, else where the message's own characters begin.
   */
  private int afterHeader(int message, @Nullable String prompt, int first) {
    String before = prompt == null ? null : prefix(message, false);
    if (first < 0 || prompt == null || before == null || !prompt.startsWith(before)) {
      return first;
    }
    String header = prompt.substring(before.length());
    int previous = 0;
    for (Span span : rendered.spans()) {
      if (span.messageIndex() != message && span.end() <= first) {
        previous = span.end();
      }
    }
    int at = header.isEmpty() ? -1 : text.lastIndexOf(header, first - header.length());
    return at >= previous
        ? at + header.length()
        : afterPartOfHeader(header, Math.max(previous, first - MAX_GAP), first);
  }

  /**
   * The end of the longest beginning of a header that stands between two places, cut back to the
   * end of a line or a bracket: a prompt that opens a thought begins like the text that has none.
   *
   * @return {@code to} when nothing of the header is there
   */
  private int afterPartOfHeader(String header, int from, int to) {
    int best = 0;
    int end = to;
    for (int at = from; at < to; at++) {
      int shared = 0;
      while (shared < header.length()
          && at + shared < to
          && header.charAt(shared) == text.charAt(at + shared)) {
        shared++;
      }
      while (shared > 0 && HEADER_ENDS.indexOf(header.charAt(shared - 1)) < 0) {
        shared--;
      }
      if (shared > best) {
        best = shared;
        end = at + shared;
      }
    }
    return end;
  }

  private LossMask.Turn inBlocks(
      int message, List<Integer> assistants, boolean learnt, boolean matched) {
    var own = new ArrayList<CharRange>();
    List<CharRange> blocks = rendered.generations();
    for (int i = 0; i < blocks.size(); i++) {
      if (messageOf(i, assistants) == message) {
        own.add(blocks.get(i));
      }
    }
    if (own.isEmpty()) {
      return new LossMask.Turn(message, new CharRange(0, 0), learnt, matched, true);
    }
    CharRange block = new CharRange(own.getFirst().start(), own.getLast().end());
    int end = endOfTurn.ofBlock(block);
    boolean missing = end < 0;
    var range = missing ? block : new CharRange(block.start(), end);
    return new LossMask.Turn(message, range, learnt, matched, missing);
  }

  /** The message a generation block belongs to: that of its characters, else by its place. */
  private int messageOf(int block, List<Integer> assistants) {
    CharRange range = rendered.generations().get(block);
    int before = -1;
    for (Span span : rendered.spans()) {
      if (range.contains(span.start()) && assistants.contains(span.messageIndex())) {
        return span.messageIndex();
      }
      if (span.end() <= range.start()) {
        before = Math.max(before, span.messageIndex());
      }
    }
    if (rendered.generations().size() == assistants.size()) {
      return assistants.get(block);
    }
    int least = before;
    return assistants.stream().filter(i -> i >= least).findFirst().orElse(-1);
  }
}
