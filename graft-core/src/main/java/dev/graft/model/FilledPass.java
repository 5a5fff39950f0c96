package dev.graft.model;

import dev.graft.engine.Segments;
import java.util.Arrays;

/**
 * A micro-batch as it goes through the layers: tokens that its examples share are there once
 * ({@link SharedPrefix}), and where that pays it is filled up to one of few lengths ({@link
 * PassLength}): the last example goes on with tokens that are not learnt, behind all that are
 * there, so that none of those sees them.
 *
 * @param tokens ids of the tokens, N
 * @param targets what is to be predicted, in order
 * @param rows that predict it, in order; those behind them predict nothing
 */
record FilledPass(int[] tokens, Segments segments, int[] targets, long[] rows) {
  /** {@code fills} says whether it is filled up. */
  static FilledPass of(PackedTokens pass, boolean fills) {
    int[] starts = pass.starts();
    Segments segments = SharedPrefix.segments(starts, SharedPrefix.of(pass), fills);
    int[] tokens = new int[segments.tokens()];
    int[] targets = new int[pass.learntTokens()];
    boolean fillsRows = fills && targets.length > 0;
    long[] rows = new long[fillsRows ? PassLength.padded(targets.length) : targets.length];
    // The last row predicts nothing in any pass. So, unlike one that does, it may get the zeros
    // that are the gradient of the rows behind.
    Arrays.fill(rows, tokens.length - 1L);
    int count = 0;
    for (int s = 0; s < segments.count(); s++) {
      int gone = starts[s] + segments.before(s) - segments.start(s);
      for (int n = starts[s] + segments.before(s); n < starts[s + 1]; n++) {
        tokens[n - gone] = pass.ids()[n];
        if (pass.learnt()[n]) {
          rows[count] = n - gone - 1L;
          targets[count++] = pass.ids()[n];
        }
      }
    }
    return new FilledPass(tokens, segments, targets, rows);
  }
}
