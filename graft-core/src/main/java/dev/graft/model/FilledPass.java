package dev.graft.model;

import java.util.Arrays;

/**
 * A micro-batch as it goes through the layers, filled up where that pays; see {@link PassLength}.
 *
 * @param tokens of the micro-batch, and those that fill it up
 * @param ids what is to be predicted, in order
 * @param rows that predict it, in order; those behind them predict nothing
 */
record FilledPass(PackedTokens tokens, int[] ids, long[] rows) {
  /** {@code fills} says whether it is filled up. */
  static FilledPass of(PackedTokens tokens, boolean fills) {
    PackedTokens filled = fills ? tokens.padded() : tokens;
    int[] ids = new int[tokens.learntTokens()];
    long[] rows = new long[fills && ids.length > 0 ? PassLength.padded(ids.length) : ids.length];
    // The last row predicts nothing in any pass. So, unlike one that does, it may get the zeros
    // that are the gradient of the rows behind.
    Arrays.fill(rows, filled.tokens() - 1L);
    int count = 0;
    for (int n = 1; n < tokens.tokens(); n++) {
      if (tokens.learnt()[n]) {
        rows[count] = n - 1L;
        ids[count++] = tokens.ids()[n];
      }
    }
    return new FilledPass(filled, ids, rows);
  }
}
