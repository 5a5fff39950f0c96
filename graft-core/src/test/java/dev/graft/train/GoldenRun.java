package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.EpochOrder;
import dev.graft.data.Example;
import dev.graft.data.MicroBatches;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.format.SafetensorsFile;
import dev.graft.format.Weights;
import dev.graft.model.Decoder;
import dev.graft.model.PackedTokens;
import dev.graft.model.Parameters;
import dev.graft.testing.Golden;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Ten steps that PyTorch took, as {@code golden/README.md} describes them: {@code facts.json},
 * {@code batches.json} and the weights afterwards.
 */
record GoldenRun(Path folder, JsonNode facts) {
  private static final long SEED = 42;
  private static final int STEPS = 10;
  private static final int BATCH = 3;

  static GoldenRun of(Path folder) {
    return new GoldenRun(folder, Golden.json(folder.resolve("facts.json")));
  }

  /** The folder in {@code golden/models} that the run began from. */
  String base() {
    return facts.get("base").stringValue();
  }

  /** Takes the same steps; losses, gradient norms and learning rates must be equal at each. */
  void repeat(Decoder model, Parameters parameters, Path checkpoints) {
    LearningRateSchedule schedule =
        new LearningRateSchedule(
            LearningRateSchedule.Shape.LINEAR,
            facts.get("peak").doubleValue(),
            facts.get("warmup").intValue(),
            STEPS);
    TrainPlan plan =
        new TrainPlan(
            STEPS, BATCH, new MicroBatches(2, 0, true), schedule, 0.01, 1, SEED, 0, 0, 1, 0);
    TrainObserver check =
        new TrainObserver() {
          @Override
          public void onStep(StepReport report, TrainState state) {
            int i = (int) report.step() - 1;
            assertEqual(report.loss(), facts.get("losses").get(i), 1e-4);
            assertEqual(report.gradNorm(), facts.get("grad_norms").get(i), 1e-3);
            assertEqual(report.learningRate(), facts.get("learning_rates").get(i), 1e-9);
          }
        };
    Trainer.TrainData data = new Trainer.TrainData(examples(), List.of());
    try (Trainer trainer = new Trainer(model, parameters, plan, data, checkpoints, "id", check)) {
      trainer.run(() -> false);
      assertThat(trainer.state().step()).isEqualTo(STEPS);
    }
  }

  /**
   * How far trained weights are from PyTorch's.
   *
   * @param worst largest of a tensor, relative to the norm of the tensor
   * @param worstName that tensor
   * @param ofChange of all tensors together, relative to how far the steps moved them
   */
  record Difference(double worst, String worstName, double ofChange) {}

  /** Compares weights with those in {@code end}; {@code start} holds them before the steps. */
  Difference compare(Parameters parameters, Path start, String end) {
    double worst = 0;
    String worstName = "";
    double differences = 0;
    double changes = 0;
    try (Weights before = SafetensorsFile.open(start);
        Weights after = SafetensorsFile.open(folder.resolve(end))) {
      assertThat(parameters.entries()).hasSameSizeAs(after.names());
      for (Parameters.Entry entry : parameters.entries()) {
        try (Scope scope = Scope.open()) {
          Tensor wanted = Golden.tensor(after, entry.name());
          double difference = Ops.norm(parameters.value(entry.name()).minus(wanted));
          double change = Ops.norm(wanted.minus(Golden.tensor(before, entry.name())));
          double relative = difference / Ops.norm(wanted);
          worstName = relative > worst ? entry.name() : worstName;
          worst = Math.max(worst, relative);
          differences += difference * difference;
          changes += change * change;
        }
      }
    }
    return new Difference(worst, worstName, Math.sqrt(differences / changes));
  }

  private static void assertEqual(double actual, JsonNode expected, double relative) {
    double value = expected.doubleValue();
    assertThat(actual).isCloseTo(value, within(Math.abs(value) * relative));
  }

  /** The stored batches' examples, placed where the shuffle of the first epoch takes them. */
  private List<Example> examples() {
    List<Example> inOrder = new ArrayList<>();
    for (JsonNode batch : Golden.json(folder.resolve("batches.json"))) {
      for (JsonNode example : batch) {
        JsonNode learn = example.get("learn");
        boolean[] learnt = new boolean[learn.size()];
        for (int n = 0; n < learnt.length; n++) {
          learnt[n] = learn.get(n).booleanValue();
        }
        PackedTokens tokens = PackedTokens.single(Golden.ids(example.get("ids")), learnt);
        inOrder.add(new Example(1, tokens, false));
      }
    }
    int[] order =
        new EpochOrder(inOrder.size(), SEED).batch(EpochOrder.Cursor.START, inOrder.size());
    Example[] placed = new Example[inOrder.size()];
    for (int i = 0; i < order.length; i++) {
      placed[order[i]] = inOrder.get(i);
    }
    return Arrays.asList(placed);
  }
}
