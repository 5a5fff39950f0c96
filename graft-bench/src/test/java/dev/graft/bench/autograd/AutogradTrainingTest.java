package dev.graft.bench.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.adapter.LoraSpec;
import dev.graft.bench.TinyModel;
import dev.graft.data.EpochOrder;
import dev.graft.data.Example;
import dev.graft.data.MicroBatches;
import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Scope;
import dev.graft.format.HfDirectory;
import dev.graft.format.ModelFiles;
import dev.graft.model.Decoder;
import dev.graft.model.PackedTokens;
import dev.graft.model.Parameters;
import dev.graft.train.LearningRateSchedule;
import dev.graft.train.TrainObserver;
import dev.graft.train.TrainPlan;
import dev.graft.train.TrainState;
import dev.graft.train.Trainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The peer and Graft begin alike and must stay alike: else their times say nothing. */
class AutogradTrainingTest {
  private static final long SEED = 42;
  private static final int BATCH = 3;
  private static final int STEPS = 6;
  private static final int RANK = 4;
  private static final double RATE = 5e-3;

  @TempDir private Path folder;

  @Test
  void step_float32_hasGraftsLosses() throws Exception {
    assertAlike(DType.F32, 2e-5);
  }

  @Test
  void step_bfloat16_hasGraftsLossesUpToRounding() throws Exception {
    assertAlike(DType.BF16, 2e-2);
  }

  private void assertAlike(DType dtype, double relative) throws Exception {
    List<PackedTokens> examples = examples();
    List<Double> graft = graft(dtype, examples);
    List<Double> peer = peer(dtype, examples);
    assertThat(graft).hasSize(STEPS);
    assertThat(graft.getLast()).as("it learns").isNotCloseTo(graft.getFirst(), within(1e-2));
    for (int i = 0; i < STEPS; i++) {
      assertThat(peer.get(i))
          .as("step " + (i + 1))
          .isCloseTo(graft.get(i), within(relative * graft.get(i)));
    }
  }

  private static List<Double> peer(DType dtype, List<PackedTokens> examples) {
    List<Double> losses = new ArrayList<>();
    int[] order =
        new EpochOrder(examples.size(), SEED).batch(EpochOrder.Cursor.START, examples.size());
    try (ModelFiles files = HfDirectory.open(TinyModel.LLAMA);
        PlainLlama llama = new PlainLlama(files, dtype, RANK, 2);
        AutogradTraining training = new AutogradTraining(llama, RATE)) {
      training.initialise(SEED);
      for (int step = 0; step < STEPS; step++) {
        List<PackedTokens> batch = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
          batch.add(examples.get(order[step * BATCH + i]));
        }
        losses.add(training.step(PackedTokens.concat(batch), 1));
      }
    }
    return losses;
  }

  private List<Double> graft(DType dtype, List<PackedTokens> tokens) {
    List<Double> losses = new ArrayList<>();
    TrainPlan plan =
        new TrainPlan(
            STEPS,
            BATCH,
            new MicroBatches(0, MicroBatches.AUTOMATIC_TOKENS, true),
            new LearningRateSchedule(LearningRateSchedule.Shape.CONSTANT, RATE, 0, STEPS),
            0,
            1,
            SEED,
            0,
            0,
            1,
            0);
    TrainObserver observer =
        new TrainObserver() {
          @Override
          public void onStep(StepReport report, TrainState state) {
            losses.add(report.loss());
          }
        };
    List<Example> examples = tokens.stream().map(t -> new Example(1, t, false)).toList();
    LoraSpec spec = LoraSpec.allLinear(RANK, 2 * RANK);
    try (ModelFiles files = HfDirectory.open(TinyModel.LLAMA);
        Scope scope = Scope.open();
        Decoder model = Decoder.load(files, dtype, Device.CPU)) {
      model.attach(spec.resolve(model.adaptableModules()), 0);
      try (Parameters parameters = model.trainAdapter()) {
        spec.initialise(parameters, SEED);
        model.refresh();
        Trainer.TrainData data = new Trainer.TrainData(examples, List.of());
        try (Trainer trainer = new Trainer(model, parameters, plan, data, folder, "id", observer)) {
          trainer.run(() -> false);
        }
      }
    }
    return losses;
  }

  private static List<PackedTokens> examples() throws Exception {
    Path file = TinyModel.GOLDEN.resolve("training/lora-llama/batches.json");
    List<PackedTokens> examples = new ArrayList<>();
    for (JsonNode batch : new JsonMapper().readTree(Files.readString(file))) {
      for (JsonNode example : batch) {
        JsonNode ids = example.get("ids");
        int[] numbers = new int[ids.size()];
        boolean[] learnt = new boolean[ids.size()];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = ids.get(i).intValue();
          learnt[i] = example.get("learn").get(i).booleanValue();
        }
        examples.add(PackedTokens.single(numbers, learnt));
      }
    }
    return examples;
  }
}
