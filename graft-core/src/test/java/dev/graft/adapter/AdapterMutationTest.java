package dev.graft.adapter;

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
  void pefts_configuration_mutations_areReadOrRefused() throws IOException {
    Path source = Golden.path("adapters/plain");
    Path weights = folder.resolve("adapter_model.safetensors");
    Files.copy(source.resolve("adapter_model.safetensors"), weights);
    byte[] seed = Files.readAllBytes(source.resolve(AdapterConfig.FILE));
    try (ModelFiles files = HfDirectory.open(Golden.path("models/llama-tied"))) {
      Decoder.load(files, DType.F32, Device.CPU).close(); // the first load is no measure of memory
      MutationRun.run(
          random -> Mutations.mutate(seed, random),
          input -> {
            Files.write(folder.resolve(AdapterConfig.FILE), input);
            try (Scope scope = Scope.open();
                Decoder model = Decoder.load(files, DType.F32, Device.CPU)) {
              PeftAdapter.load(folder, model, PeftAdapter.Use.INFERENCE);
            }
          });
    }
  }
}
