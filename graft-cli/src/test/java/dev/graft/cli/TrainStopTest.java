package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs that end early by Ctrl-C or a full disk, as processes of their own. */
@DisabledOnOs(OS.WINDOWS)
class TrainStopTest {
  private static final int INTERRUPTED = 130;

  /** Steps that are not over before the interrupt comes, on a busy machine too. */
  private static final int MANY = 500;

  @TempDir private Path folder;
  private Path whole;
  private Path stopped;

  @BeforeEach
  void data() throws IOException {
    TrainProcess.conversations(folder.resolve("train.jsonl"), 50, 3);
    whole = folder.resolve("whole");
    stopped = folder.resolve("stopped");
  }

  @Test
  void train_interrupted_savesAndIsResumedBitIdentical() throws IOException {
    Signals.assumeHeard();
    assertThat(TrainProcess.inside(arguments(whole, MANY, MANY)).code()).isZero();
    try (TrainProcess process =
        TrainProcess.start(folder, TrainProcess.command(arguments(stopped, MANY, MANY)))) {
      process.waitUntil(() -> TrainProcess.rows(stopped) >= 3);
      process.interrupt();
      TrainProcess.Result result = process.await();
      assertThat(result.code()).as(result.errors()).isEqualTo(INTERRUPTED);
      assertThat(result.errors())
          .contains("stopping after this step")
          .contains("the same command with --resume goes on from there");
    }
    long step = TrainProcess.rows(stopped);
    assertThat(step).isLessThan(MANY);
    assertThat(checkpoints()).containsOnlyKeys(String.format("step-%08d.safetensors", step));
    assertThat(stopped.resolve("adapter")).doesNotExist();
    TrainProcess.Result result = TrainProcess.inside(resumed(arguments(stopped, MANY, MANY)));
    assertThat(result.errors()).contains("going on after step " + step);
    assertSameAsWhole(result);
    assertThat((double) TrainProcess.summary(stopped).get("tokens_per_second")).isPositive();
  }

  @Test
  void train_folderOfARunThatGoesOn_isRefused() {
    try (TrainProcess process =
        TrainProcess.start(folder, TrainProcess.command(arguments(stopped, 100_000, 1000)))) {
      process.waitUntil(() -> TrainProcess.rows(stopped) >= 1);
      TrainProcess.Result second = TrainProcess.inside(resumed(arguments(stopped, 100_000, 1000)));
      assertThat(second.code()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(second.error())
          .isEqualTo(
              "error: "
                  + stopped
                  + ": another run is writing to it; wait for its end or choose another output");
      assertThat(process.kill()).isTrue();
    }
  }

  @Test
  void train_noSpaceForCheckpoint_keepsTheOneBeforeAndIsResumedBitIdentical() throws IOException {
    assertThat(TrainProcess.inside(arguments(whole, 100, 1)).code()).isZero();
    try (TrainProcess process =
        TrainProcess.start(folder, TrainProcess.command(arguments(stopped, 100, 1)))) {
      process.waitUntil(() -> TrainProcess.rows(stopped) >= 9);
      assertThat(process.kill()).isTrue();
    }
    Map<String, String> before = checkpoints();
    assertThat(before).isNotEmpty();
    // A row of metrics fits into 64 KiB, a checkpoint does not.
    TrainProcess.Result full = limited(64, resumed(arguments(stopped, 100, 1)));
    assertThat(full.error())
        .matches("error: .*step-\\d{8}\\.safetensors: cannot be written: File too large");
    assertThat(full.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(checkpoints()).isEqualTo(before);
    assertThat(TrainProcess.leftovers(stopped)).isEmpty();
    // Nor do nine rows of metrics into 1 KiB.
    Map<String, String> all = TrainProcess.contents(stopped);
    full = limited(1, resumed(arguments(stopped, 100, 1)));
    assertThat(full.error())
        .isEqualTo(
            "error: " + stopped.resolve("metrics.jsonl") + ": cannot be written: File too large");
    assertThat(full.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(TrainProcess.contents(stopped)).isEqualTo(all);
    assertSameAsWhole(TrainProcess.inside(resumed(arguments(stopped, 100, 1))));
  }

  @Test
  void train_noSpaceForMetrics_isAnErrorAndCanBeResumed() throws IOException {
    assertThat(TrainProcess.inside(arguments(whole, 60, 1000)).code()).isZero();
    TrainProcess.Result full = limited(4, arguments(stopped, 60, 1000));
    assertThat(full.error())
        .matches("error: .*(metrics\\.jsonl|tensorboard): cannot be written: File too large");
    assertThat(full.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(stopped.resolve("adapter")).doesNotExist();
    assertSameAsWhole(TrainProcess.inside(resumed(arguments(stopped, 60, 1000))));
  }

  private void assertSameAsWhole(TrainProcess.Result result) throws IOException {
    assertThat(result.code()).as(result.errors()).isZero();
    assertThat(TrainProcess.weights(stopped)).isEqualTo(TrainProcess.weights(whole));
    assertThat(TrainProcess.metrics(stopped)).isEqualTo(TrainProcess.metrics(whole));
  }

  private Map<String, String> checkpoints() throws IOException {
    Map<String, String> contents = TrainProcess.contents(stopped.resolve("checkpoints"));
    contents.keySet().removeIf(name -> name.endsWith(".tmp"));
    return contents;
  }

  /** Runs with a limit on the size of files, for a disk that is full. */
  private TrainProcess.Result limited(int kibibytes, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("bash", "-c", "ulimit -f " + kibibytes + "; exec \"$@\"", "bash"));
    command.addAll(TrainProcess.command(arguments));
    return TrainProcess.run(folder, command);
  }

  private static String[] resumed(String[] arguments) {
    String[] more = Arrays.copyOf(arguments, arguments.length + 1);
    more[arguments.length] = "--resume";
    return more;
  }

  private String[] arguments(Path run, int steps, int saveEvery) {
    return new String[] {
      "--model",
      TrainProcess.model("llama-tied").toString(),
      "--data",
      folder.resolve("train.jsonl").toString(),
      "--output",
      run.toString(),
      "--max-steps",
      Integer.toString(steps),
      "--save-every",
      Integer.toString(saveEvery),
      "--batch-size",
      "1",
      "--max-length",
      "64",
      "--rank",
      "4",
      "--dropout",
      "0.1",
      "--precision",
      "fp32",
      "--threads",
      "1",
      "--quiet"
    };
  }
}
