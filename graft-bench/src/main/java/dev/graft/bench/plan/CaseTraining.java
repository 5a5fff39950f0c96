package dev.graft.bench.plan;

import dev.graft.adapter.LoraSpec;
import dev.graft.bench.BenchException;
import dev.graft.data.MicroBatches;
import dev.graft.model.Decoder;
import dev.graft.model.InitialWeights;
import dev.graft.model.Parameters;
import dev.graft.train.LearningRateSchedule;
import dev.graft.train.TrainObserver;
import dev.graft.train.TrainPlan;
import dev.graft.train.TrainState;
import dev.graft.train.Trainer;
import java.nio.file.Path;
import java.util.List;

/** A setting in the training loop itself, with a model of random weights. */
final class CaseTraining implements AutoCloseable {
  /** More than anybody asks for. */
  private static final int STEPS = 10_000;

  /** Of which the examples are different. */
  private static final int BATCHES = 8;

  private final Decoder model;
  private final Trainer trainer;

  /**
   * At its beginning.
   *
   * @param rank of LoRA; 0 where all weights are trained
   * @param checkpoints folder for the loop, which writes nothing
   */
  CaseTraining(PlanSubject subject, int rank, Path checkpoints) {
    InitialWeights.Start start = new InitialWeights.Start(0.02, false, 1);
    this.model = Decoder.begin(subject.spec(), start, subject.dtype());
    model.recomputeActivations(subject.checkpointing());
    Trainer.TrainData data = new Trainer.TrainData(subject.examples(BATCHES), List.of());
    this.trainer =
        new Trainer(
            model,
            parameters(model, rank),
            plan(subject.batch()),
            data,
            checkpoints,
            "bench plan",
            new OneStep());
  }

  /** Leaves the loop behind a step, before anything is written. */
  private static final class OneStep implements TrainObserver {
    @Override
    public void onStep(StepReport report, TrainState state) {
      throw new StepDone(report.seconds());
    }
  }

  private static final class StepDone extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final double seconds;

    StepDone(double seconds) {
      super("a step is done", null, false, false);
      this.seconds = seconds;
    }
  }

  private static Parameters parameters(Decoder model, int rank) {
    if (rank == 0) {
      return model.trainAll();
    }
    LoraSpec lora = LoraSpec.allLinear(rank, 2.0 * rank);
    model.attach(lora.resolve(model.adaptableModules()), 0);
    Parameters parameters = model.trainAdapter();
    lora.initialise(parameters, 1);
    model.refresh();
    return parameters;
  }

  private static TrainPlan plan(int batch) {
    return new TrainPlan(
        STEPS,
        batch,
        new MicroBatches(0, MicroBatches.AUTOMATIC_TOKENS, true),
        new LearningRateSchedule(LearningRateSchedule.Shape.CONSTANT, 1e-5, 0, STEPS),
        0,
        1,
        1,
        0,
        0,
        1,
        0);
  }

  /** Takes one step, and returns its seconds. The loop goes on where it was. */
  double step() {
    try {
      trainer.run(() -> false);
    } catch (StepDone done) {
      return done.seconds;
    }
    throw new BenchException("there are no more than " + STEPS + " steps");
  }

  /** Takes some steps, and returns the seconds of the last. */
  double steps(int count) {
    double last = 0;
    for (int step = 0; step < count; step++) {
      last = step();
    }
    return last;
  }

  @Override
  public void close() {
    trainer.close();
    model.close();
  }
}
