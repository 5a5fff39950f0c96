package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.InputException;
import dev.graft.adapter.LoraSpec;
import dev.graft.data.Example;
import dev.graft.data.MicroBatches;
import dev.graft.engine.DType;
import dev.graft.engine.Engine;
import dev.graft.engine.Ops;
import dev.graft.engine.Random;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.evaluate.LossReport;
import dev.graft.model.Decoder;
import dev.graft.model.PackedTokens;
import dev.graft.model.Parameters;
import dev.graft.model.TinyDecoders;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop on a tiny decoder: accumulation, packing, resuming, stopping. */
class TrainerTest {
  @TempDir Path folder;

  /** Examples of 3 to 14 tokens, the last few of each learnt: lengths and counts all differ. */
  private static List<Example> examples(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Example> examples = new ArrayList<>();
    for (int e = 0; e < count; e++) {
      int length = 3 + random.nextInt(12);
      int[] ids = random.ints(length, 0, 40).toArray();
      boolean[] learnt = new boolean[length];
      for (int n = 1 + random.nextInt(length - 1); n < length; n++) {
        learnt[n] = true;
      }
      examples.add(new Example(e + 1L, PackedTokens.single(ids, learnt), false));
    }
    return examples;
  }

  private static TrainPlan plan(long steps, int batch, MicroBatches micro, double rate) {
    LearningRateSchedule schedule =
        new LearningRateSchedule(LearningRateSchedule.Shape.LINEAR, rate, 2, steps);
    return new TrainPlan(steps, batch, micro, schedule, 0.01, 1, 7, 2, 1, 2, 0);
  }

  private static final MicroBatches PACKED = new MicroBatches(0, 2048, true);

  private record Run(Decoder model, Parameters parameters, Trainer trainer)
      implements AutoCloseable {
    @Override
    public void close() {
      trainer.close();
      model.close();
    }

    float[] values() {
      return parameters.values().toFloats();
    }
  }

  private Run start(TrainPlan plan, String name, double dropout) {
    Decoder model = TinyDecoders.make(TinyDecoders.spec(true, false, false, 0), DType.F32, 3);
    LoraSpec spec =
        new LoraSpec(
            4,
            8,
            dropout,
            false,
            new dev.graft.adapter.TargetModules.AllLinear(),
            java.util.Map.of(),
            java.util.Map.of());
    model.attach(spec.resolve(model.adaptableModules()), dropout);
    Parameters parameters = model.trainAdapter();
    Random.normalInPlace(parameters.values(), 0, 0.1, 5);
    model.refresh();
    Trainer.TrainData data = new Trainer.TrainData(examples(20, 1), examples(5, 2));
    Trainer trainer =
        new Trainer(
            model, parameters, plan, data, folder.resolve(name), "id", new TrainObserver() {});
    return new Run(model, parameters, trainer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "3", "alone"})
  void accumulation_equalsOneBatch(String micro) {
    MicroBatches split =
        micro.equals("alone")
            ? new MicroBatches(0, 2048, false)
            : new MicroBatches(Integer.parseInt(micro), 0, true);
    try (Scope scope = Scope.open();
        Run whole = start(plan(1, 8, PACKED, 1e-2), "whole", 0);
        Run parts = start(plan(1, 8, split, 1e-2), "parts", 0)) {
      whole.trainer.run(() -> false);
      parts.trainer.run(() -> false);
      Tensor expected = whole.parameters.gradients();
      double difference = Ops.norm(parts.parameters.gradients().minus(expected));
      assertThat(difference / Ops.norm(expected)).isLessThan(1e-5);
    }
  }

  @Test
  void lanes_giveTheGradientsOfOne() {
    int before = Engine.threads();
    try (Scope scope = Scope.open()) {
      Engine.setThreads(1);
      Run one = start(plan(1, 8, PACKED, 1e-2), "one", 0);
      Engine.setThreads(2);
      Run two = start(plan(1, 8, PACKED, 1e-2), "two", 0);
      try (one;
          two) {
        one.trainer.run(() -> false);
        two.trainer.run(() -> false);
        Tensor expected = one.parameters.gradients();
        double difference = Ops.norm(two.parameters.gradients().minus(expected));
        assertThat(difference / Ops.norm(expected)).isLessThan(1e-5);
      }
    } finally {
      Engine.setThreads(before);
    }
  }

  @Test
  void lanes_giveTheSameBitsEachTime() {
    try (Scope scope = Scope.open();
        Run first = start(plan(3, 8, PACKED, 1e-2), "first", 0.3);
        Run second = start(plan(3, 8, PACKED, 1e-2), "second", 0.3)) {
      first.trainer.run(() -> false);
      second.trainer.run(() -> false);
      assertThat(second.parameters.values().toFloats())
          .containsExactly(first.parameters.values().toFloats());
    }
  }

  @Test
  void packing_givesTheLossesOfExamplesAlone() {
    List<Example> examples = examples(9, 4);
    try (Scope scope = Scope.open();
        Decoder model = TinyDecoders.make(TinyDecoders.spec(false, true, true, 5), DType.F32, 3)) {
      double[] packed = model.losses(PACKED.split(examples).getFirst());
      int at = 0;
      for (Example example : examples) {
        for (double loss : model.losses(example.tokens())) {
          assertThat(packed[at++]).isCloseTo(loss, within(2e-5));
        }
      }
      assertThat(at).isEqualTo(packed.length);
    }
  }

  @Test
  void training_lowersTheLoss() {
    List<Double> losses = new ArrayList<>();
    try (Scope scope = Scope.open();
        Run run = start(plan(40, 20, PACKED, 2e-2), "learn", 0)) {
      Trainer trainer =
          new Trainer(
              run.model,
              run.parameters,
              plan(40, 20, PACKED, 2e-2),
              new Trainer.TrainData(examples(20, 1), List.of()),
              folder.resolve("learn2"),
              "id",
              new TrainObserver() {
                @Override
                public void onStep(StepReport report, TrainState state) {
                  losses.add(report.loss());
                }
              });
      try (trainer) {
        assertThat(trainer.run(() -> false)).isEqualTo(Trainer.End.FINISHED);
      }
    }
    assertThat(losses).hasSize(40);
    assertThat(losses.getLast()).isLessThan(losses.getFirst() - 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 7})
  void resume_endsBitIdentical(int stopAfter) {
    TrainPlan plan = plan(9, 6, PACKED, 1e-2);
    float[] expected;
    TrainState end;
    try (Scope scope = Scope.open();
        Run run = start(plan, "whole", 0.2)) {
      run.trainer.run(() -> false);
      expected = run.values();
      end = run.trainer.state();
    }
    try (Scope scope = Scope.open();
        Run run = start(plan, "stopped", 0.2)) {
      Trainer.End reason = run.trainer.run(() -> run.trainer.state().step() >= stopAfter);
      assertThat(reason).isEqualTo(Trainer.End.INTERRUPTED);
    }
    try (Scope scope = Scope.open();
        Run run = start(plan, "stopped", 0.2)) {
      assertThat(run.trainer.resume()).isTrue();
      assertThat(run.trainer.state().step()).isEqualTo(stopAfter);
      assertThat(run.trainer.run(() -> false)).isEqualTo(Trainer.End.FINISHED);
      assertThat(run.values()).isEqualTo(expected);
      assertThat(run.trainer.state().bestLoss()).isEqualTo(end.bestLoss());
      assertThat(run.trainer.state().cursor()).isEqualTo(end.cursor());
      assertThat(run.trainer.state().tokens()).isEqualTo(end.tokens());
    }
  }

  @Test
  void resume_passesOverDamagedCheckpoints() throws IOException {
    TrainPlan plan = plan(6, 6, PACKED, 1e-2);
    try (Scope scope = Scope.open();
        Run run = start(plan, "damaged", 0)) {
      run.trainer.run(() -> false);
    }
    Checkpoints checkpoints = new Checkpoints(folder.resolve("damaged"), 2);
    List<Long> steps = checkpoints.steps();
    assertThat(steps.size()).isGreaterThanOrEqualTo(2);
    Path newest = checkpoints.file(steps.getFirst());
    try (RandomAccessFile file = new RandomAccessFile(newest.toFile(), "rw")) {
      file.setLength(file.length() - 5);
    }
    try (Scope scope = Scope.open();
        Run run = start(plan, "damaged", 0)) {
      assertThat(run.trainer.resume()).isTrue();
      assertThat(run.trainer.state().step()).isEqualTo(steps.get(1));
    }
    Path second = checkpoints.file(steps.get(1));
    byte[] bytes = Files.readAllBytes(second);
    bytes[bytes.length - 9] ^= 1;
    Files.write(second, bytes);
    for (long step : steps.subList(2, steps.size())) {
      Files.delete(checkpoints.file(step));
    }
    try (Scope scope = Scope.open();
        Run run = start(plan, "damaged", 0)) {
      assertThatThrownBy(run.trainer::resume).isInstanceOf(InputException.class);
    }
  }

  @Test
  void earlyStop_endsAfterPatience() {
    AtomicInteger evaluations = new AtomicInteger();
    TrainPlan base = plan(50, 6, PACKED, 0.5); // a learning rate that ruins it
    TrainPlan plan =
        new TrainPlan(
            base.steps(),
            base.batchSize(),
            base.microBatches(),
            base.schedule(),
            0,
            0,
            7,
            1,
            0,
            1,
            3);
    try (Scope scope = Scope.open();
        Run run = start(plan, "unused", 0);
        Trainer trainer =
            new Trainer(
                run.model,
                run.parameters,
                plan,
                new Trainer.TrainData(examples(20, 1), examples(5, 2)),
                folder.resolve("early"),
                "id",
                new TrainObserver() {
                  @Override
                  public void onEvaluation(long step, LossReport report, boolean best) {
                    evaluations.incrementAndGet();
                  }
                })) {
      assertThat(trainer.run(() -> false)).isEqualTo(Trainer.End.EARLY_STOP);
      assertThat(trainer.state().badEvaluations()).isEqualTo(3);
      assertThat(evaluations.get()).isEqualTo((int) trainer.state().step());
      long best = trainer.useBest();
      assertThat(best).isEqualTo(trainer.state().step() - 3);
    }
  }
}
