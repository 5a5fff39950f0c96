package dev.graft.evaluate;

import dev.graft.data.Example;
import dev.graft.data.MicroBatches;
import dev.graft.engine.Device;
import dev.graft.engine.Workers;
import dev.graft.model.Decoder;
import dev.graft.model.PackedTokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Losses of examples under a model, without changing it. */
public final class Evaluator {
  private static final int TOKENS = 2048;

  private final Decoder model;
  private final @Nullable Workers shared;

  /** An evaluator that opens threads for each evaluation. */
  public Evaluator(Decoder model) {
    this(model, null);
  }

  /**
   * An evaluator that uses the threads of other work that rests meanwhile: the libraries keep
   * memory for each thread, which new threads would take a second time.
   */
  public Evaluator(Decoder model, @Nullable Workers shared) {
    this.model = model;
    this.shared = shared;
  }

  /** Loss of each example, in order. */
  public LossReport evaluate(List<Example> examples) {
    return evaluate(examples, done -> {}, () -> false);
  }

  /**
   * Loss of each example, in order.
   *
   * @param progress is told how many examples are done, by one thread at a time
   * @param stop ends early when true; the report then holds the examples done
   */
  public LossReport evaluate(List<Example> examples, IntConsumer progress, BooleanSupplier stop) {
    if (shared != null) {
      return evaluate(examples, progress, stop, shared);
    }
    try (Workers own = Workers.open(model.device().type() == Device.Type.CPU ? 64 : 1)) {
      return evaluate(examples, progress, stop, own);
    }
  }

  private LossReport evaluate(
      List<Example> examples, IntConsumer progress, BooleanSupplier stop, Workers workers) {
    // Examples of like length together: fewer different shapes for the libraries to prepare.
    List<Integer> order = new ArrayList<>(IntStream.range(0, examples.size()).boxed().toList());
    order.sort(Comparator.comparingInt(i -> examples.get(i).tokens().tokens()));
    List<Example> sorted = order.stream().map(examples::get).toList();
    AtomicInteger done = new AtomicInteger();
    MicroBatches batches = new MicroBatches(0, TOKENS / workers.count(), true);
    List<Callable<List<ExampleLoss>>> tasks = new ArrayList<>();
    int at = 0;
    for (PackedTokens tokens : batches.split(sorted)) {
      List<Integer> indices = order.subList(at, at + tokens.segments());
      at += tokens.segments();
      tasks.add(() -> {
        if (stop.getAsBoolean()) {
          return List.of();
        }
        List<ExampleLoss> losses = losses(tokens, indices);
        synchronized (done) {
          progress.accept(done.addAndGet(losses.size()));
        }
        return losses;
      });
    }
    List<ExampleLoss> losses = new ArrayList<>();
    workers.run(tasks).forEach(losses::addAll);
    losses.sort(Comparator.comparingInt(ExampleLoss::index));
    return LossReport.of(losses);
  }

  private List<ExampleLoss> losses(PackedTokens tokens, List<Integer> indices) {
    double[] all = model.losses(tokens);
    List<ExampleLoss> losses = new ArrayList<>();
    int from = 0;
    for (int s = 0; s < tokens.segments(); s++) {
      int count = learnt(tokens, s);
      double sum = 0;
      for (int i = from; i < from + count; i++) {
        sum += all[i];
      }
      from += count;
      losses.add(new ExampleLoss(indices.get(s), sum / count, count));
    }
    return losses;
  }

  private static int learnt(PackedTokens tokens, int segment) {
    int count = 0;
    for (int n = tokens.starts()[segment]; n < tokens.starts()[segment + 1]; n++) {
      count += tokens.learnt()[n] ? 1 : 0;
    }
    return count;
  }
}
