package dev.graft.evaluate;

import dev.graft.data.Example;
import dev.graft.data.MicroBatches;
import dev.graft.model.Decoder;
import dev.graft.model.PackedTokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Losses of examples under a model, without changing it. */
public final class Evaluator {
  private static final int TOKENS = 4096;

  private final Decoder model;

  public Evaluator(Decoder model) {
    this.model = model;
  }

  /** Loss of each example, in order. */
  public LossReport evaluate(List<Example> examples) {
    return evaluate(examples, done -> {}, () -> false);
  }

  /**
   * Loss of each example, in order.
   *
   * @param progress is told how many examples are done
   * @param stop ends early when true; the report then holds the examples done
   */
  public LossReport evaluate(List<Example> examples, IntConsumer progress, BooleanSupplier stop) {
    // Examples of like length together: fewer different shapes for the libraries to prepare.
    List<Integer> order = new ArrayList<>(IntStream.range(0, examples.size()).boxed().toList());
    order.sort(Comparator.comparingInt(i -> examples.get(i).tokens().tokens()));
    List<ExampleLoss> losses = new ArrayList<>();
    MicroBatches batches = new MicroBatches(0, TOKENS, true);
    List<Example> sorted = order.stream().map(examples::get).toList();
    int at = 0;
    for (PackedTokens tokens : batches.split(sorted)) {
      if (stop.getAsBoolean()) {
        break;
      }
      double[] all = model.losses(tokens);
      int from = 0;
      for (int s = 0; s < tokens.segments(); s++) {
        int count = learnt(tokens, s);
        double sum = 0;
        for (int i = from; i < from + count; i++) {
          sum += all[i];
        }
        from += count;
        losses.add(new ExampleLoss(order.get(at++), sum / count, count));
      }
      progress.accept(at);
    }
    losses.sort(Comparator.comparingInt(ExampleLoss::index));
    return LossReport.of(losses);
  }

  private static int learnt(PackedTokens tokens, int segment) {
    int count = 0;
    for (int n = tokens.starts()[segment]; n < tokens.starts()[segment + 1]; n++) {
      count += tokens.learnt()[n] ? 1 : 0;
    }
    return count;
  }
}
