package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.config.LearningRateRule;
import dev.graft.config.Method;
import dev.graft.config.Precision;
import dev.graft.config.TrainOption;
import dev.graft.config.TrainOptions;
import dev.graft.ledger.LedgerFile;
import dev.graft.train.log.MetricsLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --from-scratch}: the task's examples, a model's shape, and none of its weights. */
class FromScratchRunTest {
  private static final Path MODEL = Path.of("..", "golden", "models", "llama-tied");

  @TempDir private Path folder;
  private Path rows;

  @BeforeEach
  void writeRows() throws IOException {
    rows = folder.resolve("rows.jsonl");
    Files.writeString(
        rows,
        """
        {"prompt": "The old man", "completion": " and the sea"}
        {"prompt": "The young man", "completion": " and the tree"}
        """);
  }

  private TrainOptions.Builder options(String output) {
    return TrainOptions.builder()
        .set(TrainOption.MODEL, MODEL)
        .set(TrainOption.DATA, rows)
        .set(TrainOption.OUTPUT, folder.resolve(output))
        .set(TrainOption.METHOD, Method.FULL)
        .set(TrainOption.MAX_STEPS, 2L)
        .set(TrainOption.BATCH_SIZE, 2L)
        .set(TrainOption.MAX_LENGTH, 64L)
        .set(TrainOption.WARMUP, 0.0)
        .set(TrainOption.PRECISION, Precision.FP32);
  }

  private static TrainRun.Outcome run(TrainOptions.Builder options) throws IOException {
    return new TrainRun(options.build(), () -> false, RunListener.SILENT).run();
  }

  private static double firstLoss(TrainRun.Outcome outcome) throws IOException {
    Map<String, Object> first = MetricsLog.read(outcome.folder().metrics()).getFirst();
    return ((Number) first.get("loss")).doubleValue();
  }

  @Test
  void run_fromScratch_takesShapeAndTokenizerButNoWeights() throws IOException {
    TrainRun.Outcome tuned = run(options("tuned"));
    TrainRun.Outcome scratch = run(options("scratch").set(TrainOption.FROM_SCRATCH, true));
    assertThat(scratch.summary().get("total_parameters"))
        .isEqualTo(tuned.summary().get("total_parameters"));
    assertThat(scratch.summary().get("base_fingerprint"))
        .isNotEqualTo(tuned.summary().get("base_fingerprint"));
    assertThat(firstLoss(scratch)).isNotEqualTo(firstLoss(tuned)).isGreaterThan(Math.log(320) / 2);
    assertThat(scratch.folder().model().resolve("tokenizer.json"))
        .hasSameBinaryContentAs(MODEL.resolve("tokenizer.json"));
    // Nothing was spent before: the model whose shape it takes does not count.
    assertThat(LedgerFile.read(scratch.folder().path()).entries()).hasSize(1);
    assertThat(LedgerFile.read(tuned.folder().path()).entries()).hasSize(2);
  }

  @Test
  void run_fromScratch_followsTheSeed() throws IOException {
    List<Object> prints =
        List.of(
                run(options("a").set(TrainOption.FROM_SCRATCH, true)).summary(),
                run(options("b").set(TrainOption.FROM_SCRATCH, true)).summary(),
                run(options("c").set(TrainOption.FROM_SCRATCH, true).set(TrainOption.SEED, 7L))
                    .summary())
            .stream()
            .<Object>map(summary -> summary.get("base_fingerprint"))
            .toList();
    assertThat(prints.get(0)).isEqualTo(prints.get(1)).isNotEqualTo(prints.get(2));
  }

  @Test
  void options_fromScratch_haveTheLearningRateOfPretraining() {
    TrainOptions scratch = options("run").set(TrainOption.FROM_SCRATCH, true).build();
    assertThat(scratch.learningRate("llama", 64)).isEqualTo(LearningRateRule.pretrain(64));
    assertThat(options("run").build().learningRate("llama", 64))
        .isEqualTo(LearningRateRule.full("llama", 64));
    assertThat(scratch.toJson()).containsEntry("from-scratch", true);
    // As before there was such an option: checkpoints of runs without it stay usable.
    assertThat(options("run").build().toJson()).doesNotContainKey("from-scratch");
  }

  @Test
  void run_fromScratchByAdapterOrFromGguf_isRefused() throws IOException {
    assertThatThrownBy(() ->
            options("run")
                .set(TrainOption.FROM_SCRATCH, true)
                .set(TrainOption.METHOD, Method.LORA)
                .build())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("method full");
    Path gguf = Files.createFile(folder.resolve("model.gguf"));
    assertThatThrownBy(() ->
            run(options("run").set(TrainOption.FROM_SCRATCH, true).set(TrainOption.MODEL, gguf)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("config.json");
  }
}
