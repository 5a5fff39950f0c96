package dev.graft.data.view;

import dev.graft.data.EncodedRow;
import dev.graft.text.LossMask;
import java.util.ArrayList;
import java.util.List;

/** What may be wrong with an example. */
final class Warnings {
  private static final int MOST_NAMED = 3;

  private final EncodedRow row;
  private final List<ShownToken> tokens;
  private final int maxLength;
  private final List<String> found = new ArrayList<>();

  private Warnings(EncodedRow row, List<ShownToken> tokens, int maxLength) {
    this.row = row;
    this.tokens = tokens;
    this.maxLength = maxLength;
  }

  static List<String> of(EncodedRow row, List<ShownToken> tokens, int maxLength) {
    Warnings warnings = new Warnings(row, tokens, maxLength);
    warnings.limit();
    warnings.turns();
    warnings.specialTokensInData();
    warnings.doubledStart();
    warnings.droppedCharacters();
    return warnings.found;
  }

  private void limit() {
    int learnt = row.learntTokens(tokens.size());
    int left = row.learntTokens(maxLength);
    if (learnt == 0) {
      found.add("nothing of it is learnt; training refuses such a row");
    } else if (left == 0) {
      found.add("--max-length leaves nothing to learn; training leaves the row out");
    } else if (left < learnt) {
      found.add("--max-length cuts the end of the answer off, so its end is not learnt");
    }
  }

  private void turns() {
    for (LossMask.Turn turn : row.turns()) {
      if (!turn.learnt()) {
        continue;
      }
      String message = "message " + turn.messageIndex();
      if (turn.range().length() == 0) {
        found.add(message + ": the template prints nothing of this answer");
      } else if (turn.endOfTurnMissing()) {
        found.add(
            message
                + ": end of turn not learnt: the template puts no end-of-turn token behind the"
                + " answer, so the model would not learn to stop"
                + (turn.messageIndex() == row.turns().getLast().messageIndex()
                    ? "; training refuses the row"
                    : ""));
      }
      if (turn.range().length() > 0 && !turn.prefixMatched()) {
        found.add(
            message + ": the text before this answer is not the prompt that generation would give");
      }
    }
  }

  /** Such as an end-of-turn token that somebody wrote into a question. */
  private void specialTokensInData() {
    int count = 0;
    for (ShownToken token : tokens) {
      boolean data =
          !token.origin().part().equals("template") && !token.origin().part().equals("added");
      if (token.special() && data && ++count <= MOST_NAMED) {
        found.add(
            "token "
                + token.index()
                + ": the data holds the text of the special token "
                + Visible.line(token.piece()));
      }
    }
    if (count > MOST_NAMED) {
      found.add((count - MOST_NAMED) + " more special tokens come from the data");
    }
  }

  private void doubledStart() {
    if (tokens.size() > 1 && tokens.get(0).special() && tokens.get(0).id() == tokens.get(1).id()) {
      found.add(
          "it begins with the special token " + Visible.line(tokens.get(0).piece()) + " twice");
    }
  }

  private void droppedCharacters() {
    long shown =
        tokens.stream()
            .filter(t -> !t.origin().part().equals("added"))
            .mapToLong(t -> t.text().length())
            .sum();
    long dropped = row.text().length() - shown;
    if (dropped > 0) {
      found.add(
          "the tokenizer drops " + ExampleViewer.count(dropped, "character") + " of the text");
    }
  }
}
