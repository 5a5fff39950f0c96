package dev.graft.plan;

import dev.graft.data.MicroBatches;
import dev.graft.plan.TrainingMemory.Lane;
import dev.graft.train.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Steps as training divides them into passes.
 *
 * @param steps some steps: of each its lanes, of each lane its passes in order
 */
record StepLayout(List<List<List<Lane>>> steps) {
  /** Steps that are drawn where examples differ in length. */
  private static final int DRAWN = 24;

  /** Examples of a step that are looked at; passes don't change with more of them. */
  private static final int MOST_EXAMPLES = 1024;

  private static final long SEED = 1;

  /** A step of examples that are all as long as is allowed. */
  static StepLayout longest(StepShape shape, long trained) {
    int[] lengths = new int[examples(shape)];
    Arrays.fill(lengths, shape.length());
    return new StepLayout(List.of(step(shape, lengths, trained)));
  }

  /** Steps of these examples: some at random, and one that has the longest. */
  static StepLayout of(StepShape shape, TokenLoad load, long trained) {
    if (load.longest() == load.lengths().firstKey() || isOneRemainder(load)) {
      return longest(shape.withLength(load.longest()), trained);
    }
    SplittableRandom random = new SplittableRandom(SEED);
    List<List<List<Lane>>> steps = new ArrayList<>();
    for (int step = 0; step < DRAWN; step++) {
      int[] lengths = new int[examples(shape)];
      for (int e = 0; e < lengths.length; e++) {
        lengths[e] = drawn(load, random.nextLong(load.examples()));
      }
      if (step == 0) {
        lengths[0] = load.longest();
      }
      steps.add(step(shape, lengths, trained));
    }
    return new StepLayout(steps);
  }

  /** Whether all examples but the last are of one length. */
  private static boolean isOneRemainder(TokenLoad load) {
    return load.lengths().size() == 2 && load.lengths().firstEntry().getValue() == 1;
  }

  private static int examples(StepShape shape) {
    int most = Math.max(MOST_EXAMPLES, shape.batch().pass());
    return Math.min(shape.batch().examples(), most);
  }

  private static int drawn(TokenLoad load, long place) {
    long before = 0;
    for (Map.Entry<Integer, Long> entry : load.lengths().entrySet()) {
      before += entry.getValue();
      if (place < before) {
        return entry.getKey();
      }
    }
    return load.longest();
  }

  private static List<List<Lane>> step(StepShape shape, int[] lengths, long trained) {
    for (int e = 0; e < lengths.length; e++) {
      lengths[e] += shape.virtual();
    }
    MicroBatches batches =
        new MicroBatches(shape.batch().pass(), MicroBatches.AUTOMATIC_TOKENS, true);
    int lanes = Trainer.lanes(trained, shape.batch().examples(), shape.threads());
    return batches.divide(lengths, lanes).stream()
        .map(lane -> lane.stream().map(pass -> lane(shape, lengths, pass)).toList())
        .toList();
  }

  private static Lane lane(StepShape shape, int[] lengths, int[] pass) {
    int[] starts = new int[pass.length + 1];
    long learnt = 0;
    for (int e = 0; e < pass.length; e++) {
      int length = lengths[pass[e]];
      starts[e + 1] = starts[e] + length;
      // The first token of an example is never learnt.
      long wanted = Math.round((length - shape.virtual()) * shape.learntShare());
      learnt += Math.max(1, Math.min(length - 1L, wanted));
    }
    return new Lane(starts, (int) learnt);
  }

  /** Most lanes of a step. */
  int lanes() {
    return steps.stream().mapToInt(List::size).max().orElse(1);
  }

  /** All passes of one lane. */
  List<Lane> passes(int lane) {
    return steps.stream()
        .filter(step -> step.size() > lane)
        .flatMap(step -> step.get(lane).stream())
        .toList();
  }

  /** How much longer the lane with the most tokens works than it would if all had the same. */
  double imbalance() {
    double most = 0;
    double even = 0;
    for (List<List<Lane>> step : steps) {
      double[] tokens =
          step.stream()
              .mapToDouble(lane -> lane.stream().mapToInt(StepLayout::tokens).sum())
              .toArray();
      most += Arrays.stream(tokens).max().orElse(0);
      even += Arrays.stream(tokens).sum() / lanes();
    }
    return even == 0 ? 1 : most / even;
  }

  /** Passes of a step's busiest lane that have a length of their own: none where all are alike. */
  double freshPasses() {
    if (steps.size() == 1) {
      return 0;
    }
    return steps.stream()
        .mapToInt(step -> step.stream().mapToInt(List::size).max().orElse(0))
        .average()
        .orElse(0);
  }

  /** The pass of median size. */
  Lane median() {
    List<Lane> all = new ArrayList<>();
    steps.forEach(step -> step.forEach(all::addAll));
    all.sort(java.util.Comparator.comparingInt(StepLayout::tokens));
    return all.get(all.size() / 2);
  }

  static int tokens(Lane lane) {
    return lane.starts()[lane.starts().length - 1];
  }
}
