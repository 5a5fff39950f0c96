package dev.graft.data;

import dev.graft.model.PackedTokens;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides examples into what goes through the model at once.
 *
 * <p>Packed, a micro-batch is its examples one behind the other without padding, each with
 * attention and positions of its own; unpacked, each example goes through alone. The gradients are
 * the same: packing only makes the matrix products larger.
 *
 * @param examples most examples in a micro-batch; 0 for as many as fit the token budget
 * @param tokens budget of tokens when {@code examples} is 0; a longer example goes alone
 * @param packing whether examples share a pass
 */
public record MicroBatches(int examples, int tokens, boolean packing) {
  /** Budget of automatic micro-batches: large products without large activations. */
  public static final int AUTOMATIC_TOKENS = 2048;

  /** The micro-batches of one step, in order. */
  public List<PackedTokens> split(List<Example> batch) {
    List<PackedTokens> result = new ArrayList<>();
    List<PackedTokens> open = new ArrayList<>();
    int size = 0;
    for (Example example : batch) {
      int length = example.tokens().tokens();
      boolean full = examples > 0 ? open.size() == examples : size + length > tokens;
      if (!open.isEmpty() && (full || !packing)) {
        result.add(PackedTokens.concat(open));
        open.clear();
        size = 0;
      }
      open.add(example.tokens());
      size += length;
    }
    if (!open.isEmpty()) {
      result.add(PackedTokens.concat(open));
    }
    return result;
  }
}
