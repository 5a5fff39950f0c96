package dev.graft.data;

import dev.graft.model.PackedTokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

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
  public static final int AUTOMATIC_TOKENS = 1536;

  /** Fewer tokens than these make the products of a lane too small. */
  private static final int LEAST_TOKENS = 512;

  /** The micro-batches of one step, in order. */
  public List<PackedTokens> split(List<Example> batch) {
    return split(batch, 1).getFirst();
  }

  /**
   * The micro-batches of one step for several lanes that run side by side: whole examples, spread
   * so that each lane has about the same number of tokens. The limits hold for all lanes together.
   *
   * @return for each lane that has work its micro-batches, in order
   */
  public List<List<PackedTokens>> split(List<Example> batch, int lanes) {
    int count = Math.min(lanes, examples > 0 ? Math.min(examples, batch.size()) : batch.size());
    if (count <= 1) {
      return List.of(pack(batch, examples, tokens));
    }
    List<List<PackedTokens>> result = new ArrayList<>();
    for (List<Example> lane : spread(batch, count)) {
      result.add(pack(lane, examples / count, Math.max(LEAST_TOKENS, tokens / count)));
    }
    return result;
  }

  /** The longest first, each to the lane with the fewest tokens; in a lane in the batch's order. */
  private static List<List<Example>> spread(List<Example> batch, int count) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, batch.size()).boxed().toList());
    order.sort(Comparator.comparingInt(i -> -batch.get(i).tokens().tokens()));
    List<TreeSet<Integer>> lanes = new ArrayList<>();
    for (int lane = 0; lane < count; lane++) {
      lanes.add(new TreeSet<>());
    }
    int[] sizes = new int[count];
    for (int index : order) {
      int least = 0;
      for (int lane = 1; lane < count; lane++) {
        least = sizes[lane] < sizes[least] ? lane : least;
      }
      lanes.get(least).add(index);
      sizes[least] += batch.get(index).tokens().tokens();
    }
    return lanes.stream().map(lane -> lane.stream().map(batch::get).toList()).toList();
  }

  private List<PackedTokens> pack(List<Example> batch, int mostExamples, int mostTokens) {
    List<PackedTokens> result = new ArrayList<>();
    List<PackedTokens> open = new ArrayList<>();
    int size = 0;
    for (Example example : batch) {
      int length = example.tokens().tokens();
      boolean full = mostExamples > 0 ? open.size() == mostExamples : size + length > mostTokens;
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
