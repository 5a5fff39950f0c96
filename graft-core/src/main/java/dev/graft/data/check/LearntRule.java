package dev.graft.data.check;

import dev.graft.data.EncodedRow;
import dev.graft.data.Row;
import dev.graft.text.LossMask;
import java.util.List;

/** Whether a row teaches its answer, from the prompt that the model will see to the end of turn. */
final class LearntRule implements RowRule {
  private final ModelFacts model;

  LearntRule(ModelFacts model) {
    this.model = model;
  }

  @Override
  public void examine(CheckedRow row, List<Issue> issues) {
    for (EncodedRow encoded : row.encoded()) {
      if (encoded.learntTokens(encoded.tokens()) == 0) {
        issues.add(new Issue(CheckCode.NOTHING_LEARNT, Shown.quoted(row.texts().answer())));
      } else if (encoded.row() instanceof Row.Chat) {
        for (LossMask.Turn turn : encoded.turns()) {
          if (turn.learnt()) {
            turn(encoded, turn, issues);
          }
        }
      } else {
        plain(encoded, issues);
      }
    }
  }

  private void turn(EncodedRow encoded, LossMask.Turn turn, List<Issue> issues) {
    String message = "messages[" + turn.messageIndex() + "]";
    if (!turn.prefixMatched()) {
      issues.add(new Issue(CheckCode.PROMPT_MISMATCH, message));
    }
    int end = turn.range().end();
    int closing = turn.endOfTurnMissing() ? -1 : tokenEndingAt(encoded, end);
    if (closing >= 0 && encoded.learnt()[closing]) {
      return;
    }
    int pad = padBehind(encoded, closing >= 0 ? encoded.starts()[closing] : end);
    if (pad >= 0 && !encoded.learnt()[pad]) {
      issues.add(new Issue(CheckCode.PAD_HIDES_END_OF_TURN, message));
    } else {
      String behind = Shown.quoted(encoded.text().substring(Math.max(0, end - 40), end));
      issues.add(
          new Issue(CheckCode.END_OF_TURN_NOT_LEARNT, message + ", which ends in " + behind));
    }
  }

  private static int tokenEndingAt(EncodedRow encoded, int end) {
    int[] starts = encoded.starts();
    for (int t = starts.length - 1; t >= 0; t--) {
      if (starts[t] < end) {
        return encoded.ends()[t] >= end ? t : -1;
      }
    }
    return -1;
  }

  /** The first token at or behind a place if it is padding and ends turns; else −1. */
  private int padBehind(EncodedRow encoded, int from) {
    if (model.pad().isEmpty() || !model.stopIds().contains(model.pad().getAsInt())) {
      return -1;
    }
    for (int t = 0; t < encoded.tokens(); t++) {
      boolean space = encoded.text().substring(encoded.starts()[t], encoded.ends()[t]).isBlank();
      if (encoded.starts()[t] >= from && !space) {
        return encoded.ids()[t] == model.pad().getAsInt() ? t : -1;
      }
    }
    return -1;
  }

  private void plain(EncodedRow encoded, List<Issue> issues) {
    int last = encoded.tokens() - 1;
    if (!model.stopIds().contains(encoded.ids()[last]) || !encoded.learnt()[last]) {
      issues.add(
          new Issue(
              CheckCode.END_OF_TURN_NOT_LEARNT,
              "the model names no end-of-sequence token to put behind the text"));
    }
  }
}
