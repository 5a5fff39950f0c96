package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.adapter.LoraSpec;
import dev.graft.adapter.PeftAdapter;
import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Scope;
import dev.graft.format.HfDirectory;
import dev.graft.format.ModelFiles;
import dev.graft.model.Decoder;
import dev.graft.model.PackedTokens;
import dev.graft.model.Parameters;
import dev.graft.testing.Golden;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ten steps against PEFT and PyTorch in float32 ({@code golden/make_training.py}). */
class GoldenTrainingTest {
  private static final String ADAPTER = "adapter_model.safetensors";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"lora-llama", "lora-qwen2", "rslora-patterns"})
  void lora_equalsPeft(String name) {
    GoldenRun golden = GoldenRun.of(Golden.path("training/" + name));
    Path initial = golden.folder().resolve("initial");
    try (Scope scope = Scope.open();
        Decoder model = base(golden)) {
      PeftAdapter.load(initial, model, PeftAdapter.Use.TRAINING);
      Parameters parameters = model.trainAdapter();
      PeftAdapter.loadMasters(initial, parameters);
      model.refresh();
      golden.repeat(model, parameters, folder.resolve("c"));
      compare(golden, parameters, initial.resolve(ADAPTER), "final/" + ADAPTER);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"full-llama", "full-qwen2"})
  void full_equalsPyTorch(String name) {
    GoldenRun golden = GoldenRun.of(Golden.path("training/" + name));
    try (Scope scope = Scope.open();
        Decoder model = base(golden)) {
      Parameters parameters = model.trainAll();
      golden.repeat(model, parameters, folder.resolve("c"));
      Path start = Golden.path("models/" + golden.base() + "/model.safetensors");
      compare(golden, parameters, start, "final.safetensors");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora-llama", "rslora-patterns"})
  void savedAdapter_loadsAgainWithTheSameEffect(String name) {
    GoldenRun golden = GoldenRun.of(Golden.path("training/" + name));
    Path reference = golden.folder().resolve("final");
    PackedTokens tokens = PackedTokens.text(5, 9, 33, 70, 200, 8);
    try (Scope scope = Scope.open();
        Decoder model = base(golden);
        Decoder again = base(golden)) {
      LoraSpec spec = PeftAdapter.load(reference, model, PeftAdapter.Use.TRAINING);
      Parameters parameters = model.trainAdapter();
      PeftAdapter.loadMasters(reference, parameters);
      model.refresh();
      PeftAdapter.save(folder.resolve("a"), spec, model, parameters, "base");
      PeftAdapter.load(folder.resolve("a"), again, PeftAdapter.Use.INFERENCE);
      assertThat(again.losses(tokens)).isEqualTo(model.losses(tokens));
    }
  }

  private static Decoder base(GoldenRun golden) {
    try (ModelFiles files = HfDirectory.open(Golden.path("models/" + golden.base()))) {
      return Decoder.load(files, DType.F32, Device.CPU);
    }
  }

  private static void compare(GoldenRun golden, Parameters parameters, Path start, String end) {
    GoldenRun.Difference difference = golden.compare(parameters, start, end);
    assertThat(difference.worst()).as(difference.worstName()).isLessThan(1e-3);
    assertThat(difference.ofChange()).isLessThan(1e-3);
  }
}
