package dev.graft.run;

import dev.graft.InputException;
import dev.graft.compare.Strategy;
import dev.graft.config.Precision;
import dev.graft.config.TrainOptions;
import dev.graft.data.EpochOrder;
import dev.graft.data.Example;
import dev.graft.data.ExampleStream;
import dev.graft.engine.DType;
import dev.graft.engine.Engine;
import dev.graft.ledger.Units;
import dev.graft.model.DecoderSpec;
import dev.graft.plan.StepFlops;
import java.util.List;

/**
 * Floating-point operations of training steps before they are made: what they execute follows from
 * the lengths of their very examples, in the very order of the run.
 */
final class CompareBudget {
  /** More steps than anybody compares strategies by. */
  private static final long MOST_STEPS = 1_000_000;

  private final StepFlops step;
  private final TrainOptions options;
  private final ExampleStream order;

  /**
   * The steps of a strategy.
   *
   * @param options of its run
   * @param examples that it learns from
   */
  CompareBudget(DecoderSpec spec, Strategy strategy, TrainOptions options, List<Example> examples) {
    DType dtype = options.precision() == Precision.BF16 ? DType.BF16 : DType.F32;
    int rank = strategy.kind() == Strategy.Kind.LORA ? strategy.size() : 0;
    this.step = new StepFlops(spec, rank, dtype, options.microBatches(), Engine.threads());
    this.options = options;
    this.order = ExampleStream.of(examples, options.seed());
  }

  /** Of the first {@code steps} steps. */
  double flops(long steps) {
    double sum = 0;
    EpochOrder.Cursor at = EpochOrder.Cursor.START;
    for (long n = 0; n < steps; n++) {
      ExampleStream.Batch batch = order.batch(at, options.batchSize());
      sum += step.of(batch.examples());
      at = batch.after();
    }
    return sum;
  }

  /**
   * The most steps that take no more than the budget, at least one.
   *
   * @throws InputException where not even one does
   */
  long steps(double budget, Strategy strategy) {
    double sum = 0;
    EpochOrder.Cursor at = EpochOrder.Cursor.START;
    for (long n = 0; n < MOST_STEPS; n++) {
      ExampleStream.Batch batch = order.batch(at, options.batchSize());
      sum += step.of(batch.examples());
      if (sum > budget) {
        if (n == 0) {
          throw new InputException(
              "the budget of "
                  + Units.flops(budget)
                  + " is less than one step of "
                  + strategy.id()
                  + ", which takes "
                  + Units.flops(sum));
        }
        return n;
      }
      at = batch.after();
    }
    throw new InputException(
        "the budget of "
            + Units.flops(budget)
            + " is for more than "
            + MOST_STEPS
            + " steps of "
            + strategy.id());
  }
}
