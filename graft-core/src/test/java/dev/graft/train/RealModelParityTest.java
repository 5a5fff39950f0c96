package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.adapter.PeftAdapter;
import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Scope;
import dev.graft.format.HfDirectory;
import dev.graft.format.ModelFiles;
import dev.graft.model.Decoder;
import dev.graft.model.Parameters;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten steps of LoRA in float32 on a real model against PEFT ({@code golden/parity_lora.py}), where
 * the environment variables {@code GRAFT_PARITY_RUN} and {@code GRAFT_PARITY_MODEL} name the folder
 * of the run and of the model; it takes minutes.
 */
class RealModelParityTest {
  private static final String ADAPTER = "adapter_model.safetensors";

  /**
   * AdamW moves an element whose gradient is nothing but rounding as far as any other, so single
   * tensors differ by more than the whole.
   */
  private static final double MOST_OF_A_TENSOR = 5e-3;

  @TempDir Path folder;

  @Test
  void lora_onARealModel_equalsPeft() {
    GoldenRun golden = GoldenRun.of(given("GRAFT_PARITY_RUN"));
    Path initial = golden.folder().resolve("initial");
    try (Scope scope = Scope.open();
        ModelFiles files = HfDirectory.open(given("GRAFT_PARITY_MODEL"));
        Decoder model = Decoder.load(files, DType.F32, Device.CPU)) {
      PeftAdapter.load(initial, model, PeftAdapter.Use.TRAINING);
      Parameters parameters = model.trainAdapter();
      PeftAdapter.loadMasters(initial, parameters);
      model.refresh();
      golden.repeat(model, parameters, folder);
      GoldenRun.Difference difference =
          golden.compare(parameters, initial.resolve(ADAPTER), "final/" + ADAPTER);
      System.out.println(difference);
      assertThat(difference.ofChange()).isLessThan(1e-3);
      assertThat(difference.worst()).as(difference.worstName()).isLessThan(MOST_OF_A_TENSOR);
    }
  }

  private static Path given(String variable) {
    String value = System.getenv(variable);
    Assumptions.assumeTrue(value != null && !value.isEmpty(), variable + " is not set");
    return Path.of(value);
  }
}
