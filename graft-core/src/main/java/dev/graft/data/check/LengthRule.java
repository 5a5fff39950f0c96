package dev.graft.data.check;

import dev.graft.data.EncodedRow;
import dev.graft.data.Row;
import java.util.List;

/** Whether the length limit cuts off something that was to be learnt. */
final class LengthRule implements RowRule {
  private final int maxLength;

  LengthRule(int maxLength) {
    this.maxLength = maxLength;
  }

  @Override
  public void examine(CheckedRow row, List<Issue> issues) {
    for (EncodedRow encoded : row.encoded()) {
      if (encoded.tokens() <= maxLength) {
        continue;
      }
      int all = encoded.learntTokens(encoded.tokens());
      int kept = encoded.learntTokens(maxLength);
      if (kept < all) {
        CheckCode code =
            encoded.row() instanceof Row.Text ? CheckCode.TEXT_CUT : CheckCode.ANSWER_CUT;
        issues.add(
            new Issue(
                code,
                encoded.tokens()
                    + " tokens; "
                    + (all - kept)
                    + " of the "
                    + all
                    + " learnt ones are behind the limit of "
                    + maxLength));
      }
    }
  }
}
