package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.config.DataChecking;
import dev.graft.config.Precision;
import dev.graft.config.TrainOption;
import dev.graft.config.TrainOptions;
import dev.graft.train.Trainer;
import dev.graft.train.log.MetricsLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --finish}: the result of a run that was stopped, without its remaining steps. */
class FinishRunTest {
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

  private TrainOptions.Builder options() {
    return TrainOptions.builder()
        .set(TrainOption.MODEL, MODEL)
        .set(TrainOption.DATA, rows)
        .set(TrainOption.VALID, rows)
        .set(TrainOption.OUTPUT, folder.resolve("run"))
        .set(TrainOption.DATA_CHECK, DataChecking.OFF)
        .set(TrainOption.MAX_STEPS, 9L)
        .set(TrainOption.EVAL_EVERY, 9L)
        .set(TrainOption.BATCH_SIZE, 2L)
        .set(TrainOption.MAX_LENGTH, 64L)
        .set(TrainOption.PRECISION, Precision.FP32);
  }

  private static TrainRun.Outcome run(TrainOptions.Builder options, BooleanSupplier stop)
      throws IOException {
    return new TrainRun(options.build(), stop, RunListener.SILENT).run();
  }

  @Test
  void run_stoppedThenFinished_writesTheResultOfItsSteps() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    TrainRun.Outcome stopped = run(options(), () -> asked.incrementAndGet() > 3);
    assertThat(stopped.end()).isEqualTo(Trainer.End.INTERRUPTED);
    Path result = folder.resolve("run").resolve("adapter").resolve("adapter_model.safetensors");
    assertThat(result).doesNotExist();
    TrainOptions.Builder finish =
        options().set(TrainOption.RESUME, true).set(TrainOption.FINISH, true);
    TrainRun.Outcome finished = run(finish, () -> false);
    assertThat(finished.end()).isEqualTo(Trainer.End.CUT_SHORT);
    assertThat(result).exists();
    long steps = ((Number) finished.summary().get("steps")).longValue();
    assertThat(steps).isBetween(1L, 8L);
    assertThat(finished.summary()).containsEntry("result_step", steps).containsKey("eval_loss");
    assertThat(MetricsLog.read(finished.folder().metrics()).getLast()).containsKey("eval_loss");
    // The run can still be gone on with.
    TrainRun.Outcome whole = run(options().set(TrainOption.RESUME, true), () -> false);
    assertThat(whole.end()).isEqualTo(Trainer.End.FINISHED);
    assertThat(whole.summary()).containsEntry("steps", 9L);
  }

  @Test
  void run_finishWithoutASingleStep_isRefused() {
    TrainOptions.Builder finish =
        options().set(TrainOption.RESUME, true).set(TrainOption.FINISH, true);
    assertThatThrownBy(() -> run(finish, () -> false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no step yet");
    assertThatThrownBy(() -> options().set(TrainOption.FINISH, true).build())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("finish needs resume");
  }
}
