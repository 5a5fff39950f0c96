package dev.graft.data;

import dev.graft.model.PackedTokens;
import dev.graft.text.Encoding;
import dev.graft.text.Tokenizer;
import java.util.Arrays;
import java.util.List;

/**
 * Text with ranges to learn, to token ids with a loss mask.
 *
 * <p>A token is learnt when it holds at least one learnt character: a token that straddles a border
 * is part of what the model has to produce.
 */
final class ExampleEncoder {
  /** Characters from {@code start} to {@code end} (UTF-16), to be learnt. */
  record Range(int start, int end) {}

  private final Tokenizer tokenizer;
  private final int maxLength;

  ExampleEncoder(Tokenizer tokenizer, int maxLength) {
    this.tokenizer = tokenizer;
    this.maxLength = maxLength;
  }

  /** Encodes a text; {@code before} and {@code after} are single ids around it, or −1 for none. */
  Example encode(long line, String text, List<Range> learnt, int before, int after) {
    Encoding encoding = tokenizer.encode(text);
    int lead = before >= 0 ? 1 : 0;
    int total = encoding.length() + lead + (after >= 0 ? 1 : 0);
    int[] ids = new int[total];
    boolean[] mask = new boolean[total];
    if (lead == 1) {
      ids[0] = before;
    }
    for (int t = 0; t < encoding.length(); t++) {
      ids[lead + t] = encoding.id(t);
      mask[lead + t] = overlaps(learnt, encoding.start(t), encoding.end(t));
    }
    if (after >= 0) {
      ids[total - 1] = after;
      mask[total - 1] = true;
    }
    if (total == 0) {
      return new Example(
          line, new PackedTokens(new int[] {0}, new int[] {0, 1}, new boolean[1]), false);
    }
    mask[0] = false; // nothing comes before the first token to predict it from
    boolean cut = total > maxLength;
    int length = Math.min(total, maxLength);
    return new Example(
        line, PackedTokens.single(Arrays.copyOf(ids, length), Arrays.copyOf(mask, length)), cut);
  }

  private static boolean overlaps(List<Range> ranges, int start, int end) {
    for (Range range : ranges) {
      if (start < range.end() && end > range.start()) {
        return true;
      }
    }
    return false;
  }
}
