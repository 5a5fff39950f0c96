package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.model.PackedTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MicroBatchesTest {
  private static final MicroBatches AUTOMATIC = new MicroBatches(0, 2048, true);

  /** Examples of these lengths; the first id tells them apart. */
  private static List<Example> examples(int... lengths) {
    List<Example> examples = new ArrayList<>();
    for (int length : lengths) {
      int[] ids = new int[length];
      Arrays.fill(ids, examples.size());
      examples.add(new Example(examples.size() + 1, PackedTokens.text(ids), false));
    }
    return examples;
  }

  private static List<Integer> members(PackedTokens tokens) {
    return IntStream.range(0, tokens.segments())
        .mapToObj(s -> tokens.ids()[tokens.starts()[s]])
        .toList();
  }

  @Test
  void split_oneLane_fillsTheBudgetInOrder() {
    List<PackedTokens> split = AUTOMATIC.split(examples(1000, 1000, 100, 3000, 5));
    assertThat(split.stream().map(MicroBatchesTest::members))
        .containsExactly(List.of(0, 1), List.of(2), List.of(3), List.of(4));
  }

  @Test
  void split_lanes_haveAboutTheSameTokensAndEveryExampleOnce() {
    List<Example> batch = examples(400, 30, 310, 100, 290, 60, 200, 10);
    List<List<PackedTokens>> lanes = AUTOMATIC.split(batch, 2);
    assertThat(lanes).hasSize(2);
    List<Integer> all = new ArrayList<>();
    int[] sizes = new int[2];
    for (int lane = 0; lane < 2; lane++) {
      for (PackedTokens tokens : lanes.get(lane)) {
        all.addAll(members(tokens));
        sizes[lane] += tokens.tokens();
      }
    }
    assertThat(all).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(Math.abs(sizes[0] - sizes[1])).isLessThanOrEqualTo(30);
  }

  @Test
  void divide_sharedTokens_countOnce() {
    int[] lengths = {700, 700, 700};
    assertThat(AUTOMATIC.divide(lengths, 0, 1).getFirst()).hasSize(2);
    assertThat(AUTOMATIC.divide(lengths, 500, 1).getFirst()).hasSize(1);
    assertThat(new MicroBatches(0, 2048, false).divide(lengths, 500, 1).getFirst()).hasSize(3);
    // Longer than the budget by themselves, so that something has to be left for the rest.
    int[] longer = {3100, 3200, 3150, 3200};
    assertThat(AUTOMATIC.divide(longer, 3000, 1).getFirst().stream().map(pass -> pass.length))
        .containsExactly(3, 1);
  }

  @Test
  void divide_sharedTokens_lanesHaveAboutTheSameOfTheirOwn() {
    int[] lengths = {400, 150, 150, 150, 150};
    assertThat(AUTOMATIC.divide(lengths, 0, 2).getFirst().getFirst()).containsExactly(0, 4);
    assertThat(AUTOMATIC.divide(lengths, 100, 2).getFirst().getFirst()).containsExactly(0);
  }

  @Test
  void split_limitOfExamples_holdsForAllLanesTogether() {
    List<List<PackedTokens>> lanes =
        new MicroBatches(4, 0, true).split(examples(9, 9, 9, 9, 9, 9), 2);
    assertThat(lanes).hasSize(2);
    assertThat(lanes).allSatisfy(lane -> assertThat(lane.getFirst().segments()).isEqualTo(2));
    assertThat(new MicroBatches(1, 0, true).split(examples(9, 9, 9), 2)).hasSize(1);
  }

  @Test
  void split_fewerExamplesThanLanes_leavesNoLaneEmpty() {
    assertThat(AUTOMATIC.split(examples(9, 9, 9), 8)).hasSize(3);
  }

  @Test
  void split_withoutPacking_eachExampleAlone() {
    List<List<PackedTokens>> lanes =
        new MicroBatches(0, 2048, false).split(examples(9, 8, 7, 6), 2);
    assertThat(lanes).allSatisfy(lane -> assertThat(lane).hasSize(2));
  }
}
