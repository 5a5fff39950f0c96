package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.adapter.LoraSpec;
import dev.graft.adapter.PeftAdapter;
import dev.graft.data.EpochOrder;
import dev.graft.data.Example;
import dev.graft.data.MicroBatches;
import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Ops;
import dev.graft.engine.Scope;
import dev.graft.engine.Tensor;
import dev.graft.format.HfDirectory;
import dev.graft.format.ModelFiles;
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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Ten steps against PEFT and PyTorch in float32 ({@code golden/make_training.py}). */
class GoldenTrainingTest {
  private static final long SEED = 42;
  private static final int STEPS = 10;
  private static final int BATCH = 3;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"lora-llama", "lora-qwen2", "rslora-patterns"})
  void lora_equalsPeft(String name) {
    JsonNode facts = Golden.json("training/" + name + "/facts.json");
    Path initial = Golden.path("training/" + name + "/initial");
    try (Scope scope = Scope.open();
        Decoder model = base(facts)) {
      PeftAdapter.load(initial, model, PeftAdapter.Use.TRAINING);
      Parameters parameters = model.trainAdapter();
      PeftAdapter.loadMasters(initial, parameters);
      model.refresh();
      train(model, parameters, name, facts);
      compare(parameters, "training/" + name + "/final/adapter_model.safetensors");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"full-llama", "full-qwen2"})
  void full_equalsPyTorch(String name) {
    JsonNode facts = Golden.json("training/" + name + "/facts.json");
    try (Scope scope = Scope.open();
        Decoder model = base(facts)) {
      Parameters parameters = model.trainAll();
      train(model, parameters, name, facts);
      compare(parameters, "training/" + name + "/final.safetensors");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora-llama", "rslora-patterns"})
  void savedAdapter_loadsAgainWithTheSameEffect(String name) {
    JsonNode facts = Golden.json("training/" + name + "/facts.json");
    Path reference = Golden.path("training/" + name + "/final");
    PackedTokens tokens = PackedTokens.text(5, 9, 33, 70, 200, 8);
    try (Scope scope = Scope.open();
        Decoder model = base(facts);
        Decoder again = base(facts)) {
      LoraSpec spec = PeftAdapter.load(reference, model, PeftAdapter.Use.TRAINING);
      Parameters parameters = model.trainAdapter();
      PeftAdapter.loadMasters(reference, parameters);
      model.refresh();
      PeftAdapter.save(folder.resolve("a"), spec, model, parameters, "base");
      PeftAdapter.load(folder.resolve("a"), again, PeftAdapter.Use.INFERENCE);
      assertThat(again.losses(tokens)).isEqualTo(model.losses(tokens));
    }
  }

  private static Decoder base(JsonNode facts) {
    String base = facts.get("base").stringValue();
    try (ModelFiles files = HfDirectory.open(Golden.path("models/" + base))) {
      return Decoder.load(files, DType.F32, Device.CPU);
    }
  }

  private void train(Decoder model, Parameters parameters, String name, JsonNode facts) {
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
    Trainer.TrainData data = new Trainer.TrainData(examples(name), List.of());
    try (Trainer trainer =
        new Trainer(model, parameters, plan, data, folder.resolve("c"), "id", check)) {
      trainer.run(() -> false);
      assertThat(trainer.state().step()).isEqualTo(STEPS);
    }
  }

  private static void assertEqual(double actual, JsonNode expected, double relative) {
    double value = expected.doubleValue();
    assertThat(actual).isCloseTo(value, within(Math.abs(value) * relative));
  }

  /** The stored batches' examples, placed where the shuffle of the first epoch takes them. */
  private static List<Example> examples(String name) {
    List<Example> inOrder = new ArrayList<>();
    for (JsonNode batch : Golden.json("training/" + name + "/batches.json")) {
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

  private static void compare(Parameters parameters, String file) {
    try (Weights expected = SafetensorsFile.open(Golden.path(file))) {
      assertThat(parameters.entries()).hasSameSizeAs(expected.names());
      for (Parameters.Entry entry : parameters.entries()) {
        Tensor wanted = Golden.tensor(expected, entry.name());
        double difference = Ops.norm(parameters.value(entry.name()).minus(wanted));
        assertThat(difference / Ops.norm(wanted)).as(entry.name()).isLessThan(1e-3);
      }
    }
  }
}
