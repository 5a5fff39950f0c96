package dev.graft.data;

import dev.graft.model.PackedTokens;
import dev.graft.text.LossMask;
import dev.graft.text.template.Span;
import java.util.Arrays;
import java.util.List;

/**
 * A row as the model will see it, whole, with where everything in it came from.
 *
 * @param row the row
 * @param text what was encoded
 * @param ids token ids, T
 * @param starts first UTF-16 unit of each token in the text, T; that of an id put around the text
 *     is its end's
 * @param ends unit after the last, T
 * @param learnt whether each token is learnt, T; never the first, which nothing comes before
 * @param spans which message each part of the text came from; empty for a row without messages
 * @param turns the assistant's turns that the mask looked at; empty for a row without messages
 */
public record EncodedRow(
    Row row,
    String text,
    int[] ids,
    int[] starts,
    int[] ends,
    boolean[] learnt,
    List<Span> spans,
    List<LossMask.Turn> turns) {

  /** Number of tokens, T. */
  public int tokens() {
    return ids.length;
  }

  /** Number of learnt tokens among the first {@code length}. */
  public int learntTokens(int length) {
    int count = 0;
    for (int t = 0; t < Math.min(length, learnt.length); t++) {
      count += learnt[t] ? 1 : 0;
    }
    return count;
  }

  /** What is trained on: at most {@code maxLength} tokens of it. */
  public Example example(int maxLength) {
    if (ids.length == 0) {
      return new Example(
          row.line(), new PackedTokens(new int[] {0}, new int[] {0, 1}, new boolean[1]), false);
    }
    int length = Math.min(ids.length, maxLength);
    return new Example(
        row.line(),
        PackedTokens.single(Arrays.copyOf(ids, length), Arrays.copyOf(learnt, length)),
        ids.length > maxLength);
  }
}
