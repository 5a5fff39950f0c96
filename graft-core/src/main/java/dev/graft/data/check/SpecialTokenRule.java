package dev.graft.data.check;

import dev.graft.data.EncodedRow;
import dev.graft.text.Tokenizer;
import dev.graft.text.template.Part;
import dev.graft.text.template.Span;
import java.util.BitSet;
import java.util.List;

/**
 * Control tokens that came from the data, not from the template: the tokenizer takes them for the
 * model's markup wherever they stand.
 */
final class SpecialTokenRule implements RowRule {
  private final Tokenizer tokenizer;
  private final BitSet special = new BitSet();

  SpecialTokenRule(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    tokenizer.specialTokens().values().forEach(special::set);
  }

  @Override
  public void examine(CheckedRow row, List<Issue> issues) {
    for (EncodedRow encoded : row.encoded()) {
      int span = 0;
      List<Span> spans = encoded.spans();
      for (int t = 0; t < encoded.tokens(); t++) {
        if (!special.get(encoded.ids()[t]) || !isWritten(encoded, t)) {
          continue;
        }
        int at = encoded.starts()[t];
        if (spans.isEmpty()) {
          add(CheckCode.SPECIAL_TOKEN_IN_TEXT, encoded, t, "", issues);
          break;
        }
        while (span < spans.size() && spans.get(span).end() <= at) {
          span++;
        }
        if (span < spans.size() && spans.get(span).start() <= at && isBody(spans.get(span))) {
          String where = " in messages[" + spans.get(span).messageIndex() + "]";
          add(CheckCode.SPECIAL_TOKEN, encoded, t, where, issues);
          break;
        }
      }
    }
  }

  private static boolean isBody(Span span) {
    return span.part() != Part.ROLE;
  }

  /** Whether the text spells the token: one that stands for unknown characters does not. */
  private boolean isWritten(EncodedRow encoded, int t) {
    String text = encoded.text().substring(encoded.starts()[t], encoded.ends()[t]);
    return text.strip().equals(tokenizer.tokenOf(encoded.ids()[t]).strip());
  }

  private static void add(
      CheckCode code, EncodedRow encoded, int t, String where, List<Issue> issues) {
    String text = encoded.text().substring(encoded.starts()[t], encoded.ends()[t]);
    issues.add(new Issue(code, Shown.line(text, 60) + where));
  }
}
