package dev.graft.adapter;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.engine.DType;
import dev.graft.engine.Device;
import dev.graft.engine.Scope;
import dev.graft.format.HfDirectory;
import dev.graft.format.ModelFiles;
import dev.graft.model.Decoder;
import dev.graft.testing.Golden;
import dev.graft.testing.MutationRun;
import dev.graft.testing.Mutations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged and hostile adapter folders. */
class AdapterMutationTest {
  private static final String CONFIG =
      """
      {"peft_type": "LORA", "r": 4, "lora_alpha": 8, "lora_dropout": 0.5, "use_rslora": false,
       "target_modules": ["q_proj", "v_proj"], "rank_pattern": {"q_proj": 2}, "alpha_pattern": {"v_proj": 3.5},
       "bias": "none", "modules_to_save": null, "task_type": "CAUSAL_LM", "revision": "a text of no account"}
      """;

  @TempDir Path folder;

  @Test
  void configuration_mutations_areReadOrRefused() {
    byte[] seed = CONFIG.getBytes(StandardCharsets.UTF_8);
    List<String> modules =
        List.of("model.layers.0.self_attn.q_proj", "model.layers.0.self_attn.v_proj");
    MutationRun.run(
        random -> Mutations.mutate(seed, random),
        input -> {
          Files.write(folder.resolve(AdapterConfig.FILE), input);
          AdapterConfig.read(folder).resolve(modules);
        });
  }

  @Test
  void weights_mutations_areReadOrRefused() throws IOException {
    Path source = Golden.path("adapters/regex");
    Files.copy(source.resolve(AdapterConfig.FILE), folder.resolve(AdapterConfig.FILE));
    byte[] seed = Files.readAllBytes(source.resolve("adapter_model.safetensors"));
    try (ModelFiles files = HfDirectory.open(Golden.path("models/llama-tied"))) {
      Decoder.load(files, DType.F32, Device.CPU).close(); // the first load is no measure of memory
      MutationRun.run(
          random ->
              random.nextInt(4) == 0
                  ? Mutations.mutate(seed, random)
                  : Mutations.mutateHead(seed, 1200, random),
          input -> {
            Files.write(folder.resolve("adapter_model.safetensors"), input);
            try (Scope scope = Scope.open();
                Decoder model = Decoder.load(files, DType.F32, Device.CPU)) {
              PeftAdapter.load(folder, model, PeftAdapter.Use.INFERENCE);
            }
          });
    }
  }

  @Test
  void expressions_thatWouldTryForever_areRefused() {
    List<String> modules =
        List.of("model.layers.0.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
    LoraSpec byName =
        new LoraSpec(4, 8, 0, false, TargetModules.matching("(.*a){15}c"), Map.of(), Map.of());
    LoraSpec byPattern =
        new LoraSpec(
            4, 8, 0, false, new TargetModules.AllLinear(), Map.of("(.*a){15}c", 2), Map.of());
    for (LoraSpec spec : List.of(byName, byPattern)) {
      assertThatThrownBy(() -> spec.resolve(modules))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("takes too long");
    }
  }
}
