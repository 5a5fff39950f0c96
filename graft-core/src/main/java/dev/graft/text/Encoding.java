package dev.graft.text;

import java.util.Arrays;

/**
 * The tokens of a text: ids, and for each the half-open range {@code [start, end)} of UTF-16 units
 * of the text it came from.
 *
 * <p>Where several tokens make one character they share its range; a token that the tokenizer added
 * (such as a leading BOS) has the empty range {@code [0, 0)}.
 */
public final class Encoding {
  private final int[] ids;
  private final int[] starts;
  private final int[] ends;

  Encoding(int[] ids, int[] starts, int[] ends) {
    this.ids = ids;
    this.starts = starts;
    this.ends = ends;
  }

  /** Number of tokens. */
  public int length() {
    return ids.length;
  }

  /** The token ids, {@code (T)}; a copy. */
  public int[] ids() {
    return ids.clone();
  }

  public int id(int token) {
    return ids[token];
  }

  /** Index of the first UTF-16 unit of the text that belongs to the token. */
  public int start(int token) {
    return starts[token];
  }

  /** Index after the last UTF-16 unit of the text that belongs to the token. */
  public int end(int token) {
    return ends[token];
  }

  @Override
  public String toString() {
    return "Encoding" + Arrays.toString(ids);
  }
}
