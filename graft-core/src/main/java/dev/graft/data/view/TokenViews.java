package dev.graft.data.view;

import dev.graft.data.EncodedRow;
import dev.graft.data.Row;
import dev.graft.text.Tokenizer;
import dev.graft.text.template.Part;
import dev.graft.text.template.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tokens of one row, each with its text and where it came from. */
final class TokenViews {
  /** A character has four bytes at most, but a token may end one and begin the next. */
  private static final int MOST_SHARING = 64;

  /** How vocabularies write a leading space, tab or line end. */
  private static final String SPACES = " \t\n\r▁ĠĊĉč";

  private final EncodedRow row;
  private final Tokenizer tokenizer;
  private int span;

  TokenViews(EncodedRow row, Tokenizer tokenizer) {
    this.row = row;
    this.tokenizer = tokenizer;
  }

  List<ShownToken> all() {
    List<ShownToken> tokens = new ArrayList<>(row.tokens());
    int shown = 0;
    int first = 0;
    for (int t = 0; t < row.tokens(); t++) {
      if (!sharesWithNext(t - 1)) {
        first = t;
      }
      int from =
          row.starts()[t] > shown && ownsGap(t, shown) ? shown : Math.max(shown, row.starts()[t]);
      int to = Math.max(from, row.ends()[t]);
      tokens.add(token(t, first, from, to));
      shown = Math.max(shown, to);
    }
    return tokens;
  }

  /** Some tokenizers leave white space out of the range of a token that holds it. */
  private boolean ownsGap(int t, int shown) {
    String piece = piece(row.ids()[t]);
    return !piece.isEmpty()
        && SPACES.indexOf(piece.charAt(0)) >= 0
        && row.text().substring(shown, row.starts()[t]).isBlank();
  }

  private ShownToken token(int t, int first, int from, int to) {
    int id = row.ids()[t];
    String piece = piece(id);
    // A template writes all its special tokens; only plain texts have some put around them.
    boolean added =
        row.starts()[t] == row.ends()[t]
            && tokenizer.isSpecial(id)
            && !(row.row() instanceof Row.Chat);
    return new ShownToken(
        t,
        id,
        piece,
        added ? -1 : from,
        added ? piece : row.text().substring(from, to),
        added ? ShownToken.Origin.of("added") : origin(row.starts()[t], row.ends()[t]),
        tokenizer.isSpecial(id),
        row.learnt()[t],
        share(t, first));
  }

  /** A configuration may name an end-of-text id that the vocabulary has no token for. */
  private String piece(int id) {
    try {
      return tokenizer.tokenOf(id);
    } catch (IllegalArgumentException none) {
      return "";
    }
  }

  /** Two tokens of one character have ranges that overlap. */
  private boolean sharesWithNext(int t) {
    return t >= 0
        && t + 1 < row.tokens()
        && row.starts()[t + 1] < row.ends()[t]
        && row.starts()[t + 1] < row.ends()[t + 1];
  }

  private ShownToken.Share share(int t, int first) {
    int last = t;
    while (last - first < MOST_SHARING && sharesWithNext(last)) {
      last++;
    }
    return last == first
        ? ShownToken.Share.WHOLE
        : new ShownToken.Share(t - first + 1, last - first + 1);
  }

  private ShownToken.Origin origin(int start, int end) {
    if (row.row() instanceof Row.Completion completion) {
      return ShownToken.Origin.of(end <= completion.prompt().length() ? "prompt" : "completion");
    }
    if (!(row.row() instanceof Row.Chat chat)) {
      return ShownToken.Origin.of("text");
    }
    List<Span> spans = row.spans();
    while (span < spans.size() && spans.get(span).end() <= start) {
      span++;
    }
    Span best = null;
    for (int s = span; s < spans.size() && spans.get(s).start() < end; s++) {
      Span other = spans.get(s);
      if (best == null || overlap(other, start, end) > overlap(best, start, end)) {
        best = other;
      }
    }
    if (best == null) {
      return ShownToken.Origin.of("template");
    }
    return new ShownToken.Origin(
        best.messageIndex(), role(chat, best.messageIndex()), name(best.part()));
  }

  private static int overlap(Span span, int start, int end) {
    return Math.min(span.end(), end) - Math.max(span.start(), start);
  }

  private static String role(Row.Chat chat, int message) {
    return message < chat.messages().size()
        ? String.valueOf(chat.messages().get(message).get("role"))
        : "";
  }

  private static String name(Part part) {
    return part.name().toLowerCase(Locale.ROOT);
  }
}
