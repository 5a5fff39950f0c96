package dev.graft.data.view;

import dev.graft.data.EncodedRow;
import dev.graft.data.Row;
import dev.graft.text.template.Part;
import dev.graft.text.template.Span;
import java.util.List;

/**
 * What is counted of one example.
 *
 * @param ids of its tokens, before any limit
 * @param learns whether each is learnt
 * @param learnt those that are learnt
 * @param learntWithin learnt tokens within each limit, in the order of the limits
 * @param messages of a conversation; 0 for other rows
 * @param turns the assistant's messages; 1 for rows without messages
 * @param words stretches without white space in the data's own text, markup of the template apart
 * @param characters code points of that text
 * @param textTokens tokens that hold characters of that text
 */
record RowFigures(
    int[] ids,
    boolean[] learns,
    int learnt,
    int[] learntWithin,
    int messages,
    int turns,
    long words,
    long characters,
    long textTokens) {

  /** Number of tokens. */
  int tokens() {
    return ids.length;
  }

  static RowFigures of(EncodedRow row, int[] limits) {
    int[] within = new int[limits.length];
    int learnt = 0;
    int limit = 0;
    for (int t = 0; t < row.tokens(); t++) {
      while (limit < limits.length && limits[limit] <= t) {
        within[limit++] = learnt;
      }
      learnt += row.learnt()[t] ? 1 : 0;
    }
    while (limit < limits.length) {
      within[limit++] = learnt;
    }
    Words words = new Words(row);
    int messages = row.row() instanceof Row.Chat chat ? chat.messages().size() : 0;
    return new RowFigures(
        row.ids(),
        row.learnt(),
        learnt,
        within,
        messages,
        turns(row.row()),
        words.words,
        words.characters,
        words.tokens);
  }

  private static int turns(Row row) {
    if (!(row instanceof Row.Chat chat)) {
      return 1;
    }
    return (int) chat.messages().stream().filter(m -> "assistant".equals(m.get("role"))).count();
  }

  /** Counts over the stretches of text that came from the data. */
  private static final class Words {
    private long words;
    private long characters;
    private long tokens;

    Words(EncodedRow row) {
      List<Span> spans =
          row.row() instanceof Row.Chat
              ? row.spans()
              : List.of(new Span(0, row.text().length(), 0, Part.CONTENT));
      int token = 0;
      for (Span span : spans) {
        if (span.part() == Part.ROLE) {
          continue;
        }
        count(row.text(), span);
        while (token < row.tokens() && row.ends()[token] <= span.start()) {
          token++;
        }
        while (token < row.tokens() && row.starts()[token] < span.end()) {
          tokens += row.ends()[token] > row.starts()[token] ? 1 : 0;
          token++;
        }
      }
    }

    private void count(String text, Span span) {
      boolean word = false;
      for (int i = span.start(); i < span.end(); i++) {
        char c = text.charAt(i);
        boolean space = Character.isWhitespace(c);
        words += !space && !word ? 1 : 0;
        word = !space;
        characters += Character.isLowSurrogate(c) ? 0 : 1;
      }
    }
  }
}
