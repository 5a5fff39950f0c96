package dev.graft.plan;

import static java.util.stream.Collectors.groupingBy;

import dev.graft.data.Example;
import dev.graft.data.MicroBatches;
import dev.graft.model.PassLength;
import dev.graft.plan.TrainingMemory.Lane;
import dev.graft.train.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Steps as training divides them into passes.
 *
 * @param steps some steps: of each its lanes, of each lane its passes in order
 */
public record StepLayout(List<List<List<Lane>>> steps) {
  /** Steps that are drawn where examples differ in length. */
  private static final int DRAWN = 24;

  /** Examples of a step that are looked at; passes don't change with more of them. */
  private static final int MOST_EXAMPLES = 1024;

  private static final long SEED = 1;

  /**
   * One step.
   *
   * @param lanes most passes side by side, as {@link Trainer#lanes} says
   * @param examples of the step
   */
  public static StepLayout of(MicroBatches batches, int lanes, List<Example> examples) {
    List<List<Lane>> step =
        batches.split(examples, lanes).stream()
            .map(lane -> lane.stream().map(Lane::of).toList())
            .toList();
    return new StepLayout(List.of(step));
  }

  private static Lane pass(int[] examples, int[] lengths, int[] learnt, int prefix) {
    int[] starts = new int[examples.length + 1];
    int sum = 0;
    for (int e = 0; e < examples.length; e++) {
      starts[e + 1] = starts[e] + lengths[examples[e]];
      sum += learnt[examples[e]];
    }
    return new Lane(starts, sum, prefix);
  }

  /** One pass. */
  static StepLayout of(Lane pass) {
    return new StepLayout(List.of(List.of(List.of(pass))));
  }

  /** A step of examples that are all as long as is allowed. */
  static StepLayout longest(StepShape shape, long trained) {
    return longest(shape, 0, trained);
  }

  private static StepLayout longest(StepShape shape, int prefix, long trained) {
    int[] lengths = new int[examples(shape)];
    Arrays.fill(lengths, shape.length());
    return new StepLayout(List.of(step(shape, lengths, prefix, trained)));
  }

  /** Steps of these examples: some at random, and one that has the longest. */
  static StepLayout of(StepShape shape, TokenLoad load, long trained) {
    if (load.longest() == load.lengths().firstKey() || isOneRemainder(load)) {
      return longest(shape.withLength(load.longest()), load.prefix(), trained);
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
      steps.add(step(shape, lengths, load.prefix(), trained));
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

  private static List<List<Lane>> step(StepShape shape, int[] lengths, int common, long trained) {
    for (int e = 0; e < lengths.length; e++) {
      lengths[e] += shape.virtual();
    }
    MicroBatches batches =
        new MicroBatches(shape.batch().pass(), MicroBatches.AUTOMATIC_TOKENS, true);
    int lanes = Trainer.lanes(trained, shape.batch().examples(), shape.threads());
    int[] learnt = Arrays.stream(lengths).map(length -> learnt(shape, length)).toArray();
    int prefix = shape.virtual() > 0 ? 0 : common; // a soft prompt is made for each example
    return batches.divide(lengths, prefix, lanes).stream()
        .map(lane -> lane.stream().map(pass -> pass(pass, lengths, learnt, prefix)).toList())
        .toList();
  }

  /** The first token of an example is never learnt. */
  private static int learnt(StepShape shape, int length) {
    long wanted = Math.round((length - shape.virtual()) * shape.learntShare());
    return (int) Math.max(1, Math.min(length - 1L, wanted));
  }

  /** Most lanes of a step. */
  int lanes() {
    return steps.stream().mapToInt(List::size).max().orElse(1);
  }

  /** All passes. */
  List<Lane> passes() {
    return steps.stream().flatMap(List::stream).flatMap(List::stream).toList();
  }

  /** All passes of one lane. */
  List<Lane> passes(int lane) {
    return steps.stream()
        .filter(step -> step.size() > lane)
        .flatMap(step -> step.get(lane).stream())
        .toList();
  }

  /** The largest pass of each lane. */
  public List<Lane> largest() {
    return IntStream.range(0, lanes())
        .mapToObj(lane -> Collections.max(passes(lane), Comparator.comparingInt(Lane::distinct)))
        .toList();
  }

  /** How much longer the lane with the most tokens works than it would if all had the same. */
  double imbalance() {
    double most = 0;
    double even = 0;
    for (List<List<Lane>> step : steps) {
      double[] tokens =
          step.stream().mapToDouble(lane -> lane.stream().mapToInt(Lane::distinct).sum()).toArray();
      most += Arrays.stream(tokens).max().orElse(0);
      even += Arrays.stream(tokens).sum() / lanes();
    }
    return even == 0 ? 1 : most / even;
  }

  /**
   * Passes that have a length which none before had, in so many steps: expected of steps that are
   * drawn from these; none where all are alike.
   */
  double freshPasses(double count) {
    if (steps.size() == 1) {
      return 0;
    }
    List<Lane> all = passes();
    Map<Integer, Long> lengths =
        all.stream()
            .collect(groupingBy(pass -> PassLength.padded(pass.distinct()), Collectors.counting()));
    double passes = count * all.size() / steps.size();
    return lengths.values().stream()
        .mapToDouble(with -> 1 - Math.pow(1 - (double) with / all.size(), passes))
        .sum();
  }

  /** The pass of median size. */
  Lane median() {
    List<Lane> sorted = passes().stream().sorted(Comparator.comparingInt(Lane::distinct)).toList();
    return sorted.get(sorted.size() / 2);
  }
}
