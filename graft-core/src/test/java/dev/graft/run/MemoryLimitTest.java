package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.config.Method;
import dev.graft.config.Objective;
import dev.graft.config.Precision;
import dev.graft.config.TrainOption;
import dev.graft.config.TrainOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that may take so much memory and no more. */
class MemoryLimitTest {
  private static final Path CORPUS = Path.of("src/test/resources/bpe/corpus.txt");

  @TempDir private Path folder;
  private Path model;
  private final List<String> notes = new ArrayList<>();

  private final RunListener listener =
      new RunListener() {
        @Override
        public void progress(String text) {}

        @Override
        public void note(String text) {
          notes.add(text);
        }
      };

  @BeforeEach
  void newModel() throws IOException {
    model = Files.createDirectory(folder.resolve("new"));
    Files.copy(Path.of("src/test/resources/bpe/gpt2.json"), model.resolve("tokenizer.json"));
    Files.writeString(model.resolve("tokenizer_config.json"), "{\"eos_token\": \"<|endoftext|>\"}");
    Files.writeString(
        model.resolve("config.json"),
        """
        {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 900,
         "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 8,
         "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 512,
         "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "initializer_range": 0.05,
         "tie_word_embeddings": true, "hidden_act": "silu", "eos_token_id": 0}
        """);
  }

  private TrainOptions.Builder pretraining(String output) {
    return TrainOptions.builder()
        .set(TrainOption.OBJECTIVE, Objective.PRETRAIN)
        .set(TrainOption.METHOD, Method.FULL)
        .set(TrainOption.MODEL, model)
        .set(TrainOption.DATA, CORPUS)
        .set(TrainOption.OUTPUT, folder.resolve(output))
        .set(TrainOption.MAX_STEPS, 1L)
        .set(TrainOption.BATCH_SIZE, 4L)
        .set(TrainOption.MAX_LENGTH, 256L)
        .set(TrainOption.PRECISION, Precision.FP32);
  }

  private long predicted(TrainOptions.Builder options) throws IOException {
    TrainRun.Outcome outcome = new TrainRun(options.build(), () -> false, listener).run();
    return (long) outcome.summary().get("predicted_peak_bytes");
  }

  @Test
  void memoryLimit_belowWhatIsNeeded_turnsCheckpointingOn() throws IOException {
    long free = predicted(pretraining("free"));
    long least = predicted(pretraining("least").set(TrainOption.ACTIVATION_CHECKPOINTING, true));
    assertThat(free - least).isGreaterThan(4_000_000);
    assertThat(notes).noneMatch(note -> note.contains("checkpointing"));

    long limited = predicted(pretraining("limited").set(TrainOption.MEMORY_LIMIT, free - 1));
    assertThat(limited).isEqualTo(least);
    assertThat(notes).contains("activation checkpointing is on, to stay below the memory limit");
  }

  @Test
  void memoryLimit_enough_changesNothing() throws IOException {
    long free = predicted(pretraining("free"));
    assertThat(predicted(pretraining("same").set(TrainOption.MEMORY_LIMIT, free))).isEqualTo(free);
    assertThat(notes).noneMatch(note -> note.contains("checkpointing"));
  }

  @Test
  void memoryLimit_tooLow_isRefusedBeforeAFolderIsMade() {
    TrainOptions.Builder options = pretraining("never").set(TrainOption.MEMORY_LIMIT, 100_000_000L);
    assertThatThrownBy(() -> predicted(options))
        .isInstanceOf(InputException.class)
        .hasMessageMatching("--memory-limit: the run needs about [0-9.]+ MB even with .*");
    assertThat(folder.resolve("never/config.yaml")).doesNotExist();
  }
}
