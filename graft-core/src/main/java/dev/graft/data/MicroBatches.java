package dev.graft.data;

import dev.graft.model.PackedTokens;
import dev.graft.model.SharedPrefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Divides examples into what goes through the model at once.
 *
 * <p>Packed, a micro-batch is its examples one behind the other without padding, each with
 * attention and positions of its own; unpacked, each example goes through alone. The gradients are
 * the same: packing only makes the matrix products larger, and tokens that the examples begin with
 * go through once ({@link SharedPrefix}) and count once.
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
    int[] lengths = batch.stream().mapToInt(example -> example.tokens().tokens()).toArray();
    SharedPrefix prefix = new SharedPrefix();
    batch.forEach(example -> prefix.add(example.tokens().ids(), example.tokens().learnt()));
    return divide(lengths, prefix.length(), lanes).stream()
        .map(lane -> lane.stream().map(pass -> packed(batch, pass)).toList())
        .toList();
  }

  private static PackedTokens packed(List<Example> batch, int[] pass) {
    return PackedTokens.concat(Arrays.stream(pass).mapToObj(i -> batch.get(i).tokens()).toList());
  }

  /**
   * As {@link #split(List, int)}, from the lengths of the examples alone.
   *
   * @param common tokens that all of them begin with, before anything is learnt
   * @return for each lane that has work its passes, in order, as places in {@code lengths}
   */
  public List<List<int[]>> divide(int[] lengths, int common, int lanes) {
    int shared = packing ? SharedPrefix.shared(common, lengths.length) : 0;
    int[] own = Arrays.stream(lengths).map(length -> length - shared).toArray();
    int[] all = IntStream.range(0, own.length).toArray();
    int count = Math.min(lanes, examples > 0 ? Math.min(examples, all.length) : all.length);
    if (count <= 1) {
      return List.of(passes(own, all, examples, budget(tokens, shared)));
    }
    List<List<int[]>> result = new ArrayList<>();
    int each = budget(Math.max(LEAST_TOKENS, tokens / count), shared);
    for (int[] lane : spread(own, count)) {
      result.add(passes(own, lane, examples / count, each));
    }
    return result;
  }

  /** What is left for the examples' own tokens; long prefixes must not leave each one alone. */
  private static int budget(int tokens, int shared) {
    return Math.max(Math.min(tokens, LEAST_TOKENS), tokens - shared);
  }

  /** The longest first, each to the lane with the fewest tokens; in a lane in the batch's order. */
  private static List<int[]> spread(int[] lengths, int count) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, lengths.length).boxed().toList());
    order.sort(Comparator.comparingInt(i -> -lengths[i]));
    List<TreeSet<Integer>> lanes = new ArrayList<>();
    for (int lane = 0; lane < count; lane++) {
      lanes.add(new TreeSet<>());
    }
    long[] sizes = new long[count];
    for (int index : order) {
      int least = 0;
      for (int lane = 1; lane < count; lane++) {
        least = sizes[lane] < sizes[least] ? lane : least;
      }
      lanes.get(least).add(index);
      sizes[least] += lengths[index];
    }
    return lanes.stream().map(lane -> lane.stream().mapToInt(i -> i).toArray()).toList();
  }

  private List<int[]> passes(int[] lengths, int[] lane, int mostExamples, int mostTokens) {
    List<int[]> result = new ArrayList<>();
    int begin = 0;
    long size = 0;
    for (int at = 0; at < lane.length; at++) {
      int length = lengths[lane[at]];
      boolean full = mostExamples > 0 ? at - begin == mostExamples : size + length > mostTokens;
      if (at > begin && (full || !packing)) {
        result.add(Arrays.copyOfRange(lane, begin, at));
        begin = at;
        size = 0;
      }
      size += length;
    }
    if (begin < lane.length) {
      result.add(Arrays.copyOfRange(lane, begin, lane.length));
    }
    return result;
  }
}
