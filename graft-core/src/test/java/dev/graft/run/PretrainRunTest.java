package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.config.Method;
import dev.graft.config.Objective;
import dev.graft.config.Precision;
import dev.graft.config.TrainOption;
import dev.graft.config.TrainOptions;
import dev.graft.engine.DType;
import dev.graft.engine.Scope;
import dev.graft.model.Decoder;
import dev.graft.model.InitialWeights;
import dev.graft.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainRunTest {
  private static final Path CORPUS = Path.of("src/test/resources/bpe/corpus.txt");

  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void newModel() throws IOException {
    model = Files.createDirectory(folder.resolve("new"));
    Files.copy(Path.of("src/test/resources/bpe/gpt2.json"), model.resolve("tokenizer.json"));
    Files.writeString(model.resolve("tokenizer_config.json"), "{\"eos_token\": \"<|endoftext|>\"}");
    Files.writeString(
        model.resolve("config.json"),
        """
        {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 900,
         "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
         "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 64,
         "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "initializer_range": 0.05,
         "tie_word_embeddings": true, "hidden_act": "silu", "eos_token_id": 0}
        """);
  }

  private TrainOptions.Builder options(String output) {
    return TrainOptions.builder()
        .set(TrainOption.OBJECTIVE, Objective.PRETRAIN)
        .set(TrainOption.METHOD, Method.FULL)
        .set(TrainOption.MODEL, model)
        .set(TrainOption.DATA, CORPUS)
        .set(TrainOption.VALID, CORPUS)
        .set(TrainOption.OUTPUT, folder.resolve(output))
        .set(TrainOption.TOKENS, 20L * 4 * 64)
        .set(TrainOption.BATCH_SIZE, 4L)
        .set(TrainOption.MAX_LENGTH, 64L)
        .set(TrainOption.SHUFFLE_BUFFER, 1500L)
        .set(TrainOption.EVAL_EVERY, 10L)
        .set(TrainOption.PRECISION, Precision.FP32);
  }

  private static TrainRun.Outcome run(TrainOptions options, BooleanSupplier stop)
      throws IOException {
    return new TrainRun(options, stop, RunListener.SILENT).run();
  }

  @Test
  void run_fromConfiguration_learnsAndWritesAModelThatLoads() throws IOException {
    TrainRun.Outcome outcome = run(options("run").build(), () -> false);
    assertThat(outcome.end()).isEqualTo(Trainer.End.FINISHED);
    assertThat(outcome.summary()).containsEntry("steps", 20L);
    assertThat((double) outcome.summary().get("best_eval_loss")).isLessThan(Math.log(900) - 0.2);
    String metrics = Files.readString(outcome.folder().metrics());
    assertThat(metrics).contains("eval_bits_per_byte");
    try (BaseModel made =
            BaseModel.open(outcome.folder().model().toString(), (file, done, total) -> {});
        Decoder loaded = made.load(DType.F32)) {
      assertThat(loaded.spec().hidden()).isEqualTo(32);
      assertThat(made.eosId()).hasValue(0);
    }
  }

  @Test
  void run_interruptedAndResumed_endsWithTheSameBytes() throws IOException {
    TrainRun.Outcome whole = run(options("whole").build(), () -> false);
    AtomicInteger asked = new AtomicInteger();
    for (int sitting = 0; sitting < 20; sitting++) {
      asked.set(0);
      TrainRun.Outcome part =
          run(
              options("parts").set(TrainOption.RESUME, sitting > 0).build(),
              () -> asked.incrementAndGet() > 12);
      if (part.end() == Trainer.End.FINISHED) {
        assertThat(sitting).isGreaterThan(1);
        assertThat(part.folder().model().resolve("model.safetensors"))
            .hasSameBinaryContentAs(whole.folder().model().resolve("model.safetensors"));
        return;
      }
    }
    throw new AssertionError("it never ended");
  }

  @Test
  void run_newModelByAdapter_isRefused() {
    TrainOptions options = options("adapter").set(TrainOption.METHOD, Method.LORA).build();
    assertThatThrownBy(() -> run(options, () -> false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--method full");
  }

  @Test
  void options_withoutLength_areRefused() {
    assertThatThrownBy(() -> options("run").set(TrainOption.TOKENS, 0L).build())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("tokens or max-steps");
    assertThatThrownBy(() -> options("run").set(TrainOption.EPOCHS, 2.0).build())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("epochs has no meaning");
  }

  @Test
  void initialWeights_followTheConfiguration() {
    InitialWeights.Start scaled = new InitialWeights.Start(0.02, true, 3);
    try (BaseModel base = BaseModel.begin(model, scaled);
        Scope scope = Scope.open();
        Decoder decoder = base.load(DType.F32)) {
      var parameters = decoder.trainAll();
      for (var entry : parameters.entries()) {
        float[] values = parameters.value(entry.name()).toFloats();
        double mean = 0;
        double square = 0;
        for (float value : values) {
          mean += value / (double) values.length;
          square += value * (double) value / values.length;
        }
        double deviation = Math.sqrt(square - mean * mean);
        boolean norm = entry.name().contains("norm");
        boolean residual = entry.name().matches(".*(o_proj|down_proj).*");
        double expected = norm ? 0 : residual ? 0.05 / 2 : 0.05;
        assertThat(mean).isCloseTo(norm ? 1 : 0, org.assertj.core.api.Assertions.within(0.01));
        assertThat(deviation)
            .as(entry.name())
            .isCloseTo(expected, org.assertj.core.api.Assertions.within(0.1 * expected + 1e-6));
      }
    }
  }
}
