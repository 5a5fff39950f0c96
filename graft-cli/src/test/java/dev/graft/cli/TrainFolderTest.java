package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code graft train} does with a folder that holds a run, and what it writes. */
class TrainFolderTest {
  @TempDir private Path folder;
  private Path run;

  @BeforeEach
  void data() throws IOException {
    TrainProcess.conversations(folder.resolve("train.jsonl"), 20, 4);
    TrainProcess.conversations(folder.resolve("valid.jsonl"), 12, 5);
    run = folder.resolve("run");
  }

  @Test
  void resume_otherSettings_isRefusedAndNothingChanges() throws IOException {
    succeed(run, "--rank", "4");
    TrainProcess.conversations(folder.resolve("other.jsonl"), 20, 6);
    refuse("the run was begun with rank 4, not 8", "--rank", "8", "--resume");
    refuse(
        "the run was begun with learning-rate auto, not 0.01",
        "--rank",
        "4",
        "--learning-rate",
        "0.01",
        "--resume");
    String other = "belongs to a run with other data, base model or settings";
    refuse(other, "--rank", "4", "--data", folder.resolve("other.jsonl").toString(), "--resume");
    refuse(
        other, "--rank", "4", "--model", TrainProcess.model("llama-untied").toString(), "--resume");
    refuse(other, "--rank", "4", "--valid", folder.resolve("other.jsonl").toString(), "--resume");
  }

  @Test
  void train_existingRun_isRefusedAndNothingChanges() throws IOException {
    succeed(run);
    refuse("is not empty; choose another output, or --resume that run, or --overwrite it");
  }

  @Test
  void train_unknownTargetModule_leavesNoFolder() throws IOException {
    TrainProcess.Result result =
        TrainProcess.inside(arguments(run, "--target-modules", "q_proj,no_proj"));
    assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(result.error()).startsWith("error: ").contains("no_proj").hasLineCount(1);
    assertThat(run).doesNotExist();
  }

  @Test
  void train_configThatDoesNotFitTheWeights_leavesNoFolder() throws IOException {
    Path model = Files.createDirectory(folder.resolve("model"));
    try (Stream<Path> files = Files.list(TrainProcess.model("llama-tied"))) {
      for (Path file : files.toList()) {
        Files.copy(file, model.resolve(file.getFileName()));
      }
    }
    Path config = model.resolve("config.json");
    String text = Files.readString(config);
    Files.writeString(config, text.replaceFirst("(\"intermediate_size\": *)[0-9]+", "$11024"));
    assertThat(Files.readString(config)).isNotEqualTo(text);
    TrainProcess.Result result = TrainProcess.inside(arguments(run, "--model", model.toString()));
    assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(result.error()).startsWith("error: ").hasLineCount(1);
    assertThat(run).doesNotExist();
  }

  @Test
  void train_outputThatCantBeWritten_isRefusedBeforeTheWork() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    Path output = file.resolve("run");
    TrainProcess.Result result =
        TrainProcess.inside(arguments(output, "--model", folder.resolve("gone").toString()));
    assertThat(result.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(result.error())
        .isEqualTo(
            "error: " + output + ": cannot be written: " + file + " is a file, not a folder");
  }

  @Test
  void overwrite_existingRun_startsAnew() throws IOException {
    succeed(run, "--rank", "4");
    succeed(run, "--rank", "2", "--overwrite");
    Path fresh = folder.resolve("fresh");
    succeed(fresh, "--rank", "2");
    assertThat(TrainProcess.weights(run)).isEqualTo(TrainProcess.weights(fresh));
    assertThat(TrainProcess.metrics(run)).isEqualTo(TrainProcess.metrics(fresh));
  }

  @Test
  void resume_newestCheckpointTruncated_goesOnFromTheOneBefore() throws IOException {
    succeed(run);
    String weights = TrainProcess.weights(run);
    List<Map<String, Object>> metrics = TrainProcess.metrics(run);
    Path newest = run.resolve("checkpoints").resolve("step-00000010.safetensors");
    try (FileChannel channel = FileChannel.open(newest, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    }
    TrainProcess.Result result = succeed(run, "--resume");
    assertThat(result.errors())
        .contains(newest + ": ")
        .contains("; going on from an older one")
        .contains("going on after step 9");
    assertThat(TrainProcess.weights(run)).isEqualTo(weights);
    assertThat(TrainProcess.metrics(run)).isEqualTo(metrics);
  }

  @Test
  void resume_anyByteChanged_isNoticed() throws IOException {
    succeed(run, "--keep-checkpoints", "1");
    Path newest = run.resolve("checkpoints").resolve("step-00000010.safetensors");
    byte[] bytes = Files.readAllBytes(newest);
    for (int at : new int[] {3, 40, 200, bytes.length / 2, bytes.length - 1}) {
      byte[] changed = bytes.clone();
      changed[at] ^= 1;
      Files.write(newest, changed);
      refuse(newest + ": ", "--keep-checkpoints", "1", "--resume");
    }
  }

  @Test
  void resume_finishedRun_isDoneAtOnce() throws IOException {
    succeed(run);
    String weights = TrainProcess.weights(run);
    Map<String, Object> before = TrainProcess.summary(run);
    succeed(run, "--resume");
    assertThat(TrainProcess.weights(run)).isEqualTo(weights);
    Map<String, Object> after = TrainProcess.summary(run);
    for (String key : List.of("tokens_per_second", "seconds", "eval_loss", "best_step", "steps")) {
      assertThat(after.get(key)).as(key).isNotNull().isEqualTo(before.get(key));
    }
  }

  @Test
  void config_ofARun_isTheSameRunAgain() throws IOException {
    succeed(run, "--resume");
    Path again = folder.resolve("again");
    TrainProcess.Result result =
        TrainProcess.inside(
            run.resolve("config.yaml").toString(), "--output", again.toString(), "--quiet");
    assertThat(result.code()).as(result.errors()).isZero();
    assertThat(TrainProcess.weights(again)).isEqualTo(TrainProcess.weights(run));
    assertThat(TrainProcess.metrics(again)).isEqualTo(TrainProcess.metrics(run));
  }

  @Test
  void config_ofAFullRun_isTheSameRunAgain() throws IOException {
    succeed(run, "--method", "full");
    Path again = folder.resolve("again");
    String config = run.resolve("config.yaml").toString();
    TrainProcess.Result result = TrainProcess.inside(config, "--output", again.toString());
    assertThat(result.code()).as(result.errors()).isZero();
    Path weights = Path.of("model", "model.safetensors");
    assertThat(again.resolve(weights)).hasSameBinaryContentAs(run.resolve(weights));
    assertThat(TrainProcess.inside(config, "--resume").code()).isZero();
  }

  @Test
  void metrics_rows_haveTheirFields() throws IOException {
    succeed(run);
    List<Map<String, Object>> rows = new ArrayList<>();
    Files.readAllLines(run.resolve("metrics.jsonl")).forEach(l -> rows.add(TrainProcess.json(l)));
    List<Map<String, Object>> steps = rows.stream().filter(r -> r.containsKey("loss")).toList();
    assertThat(steps).extracting(r -> r.get("step")).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(steps)
        .allSatisfy(r ->
            assertThat(r.keySet())
                .containsExactly(
                    "step",
                    "loss",
                    "tokens",
                    "trained_tokens",
                    "flops",
                    "seconds",
                    "tokens_per_second",
                    "learning_rate",
                    "grad_norm"))
        .allSatisfy(r -> assertThat(r.values()).doesNotContainNull());
    List<Map<String, Object>> evaluations =
        rows.stream().filter(r -> r.containsKey("eval_loss")).toList();
    assertThat(evaluations).extracting(r -> r.get("step")).containsExactly(5, 10);
    assertThat(evaluations)
        .allSatisfy(r ->
            assertThat(r.keySet())
                .containsExactly(
                    "step", "eval_loss", "eval_loss_low", "eval_loss_high", "eval_tokens", "best"));
  }

  @Test
  void summary_oneStep_hasNoHoles() throws IOException {
    succeed(run, "--max-steps", "1");
    Map<String, Object> summary = TrainProcess.summary(run);
    assertThat(summary)
        .containsKeys(
            "seconds_to_first_step",
            "trainable_parameters",
            "total_parameters",
            "base_fingerprint",
            "data_sha256",
            "valid_sha256",
            "graft_version",
            "libtorch_version",
            "java_version")
        .doesNotContainValue(null);
    assertThat((double) summary.get("tokens_per_second"))
        .isEqualTo((int) summary.get("tokens") / (double) summary.get("seconds"));
    if (Files.exists(Path.of("/proc/self/status"))) {
      assertThat(((Number) summary.get("peak_rss_bytes")).longValue()).isGreaterThan(10L << 20);
    }
  }

  @Test
  void evalBatches_given_measuresOnlySoMany() throws IOException {
    succeed(run);
    Path some = folder.resolve("some");
    succeed(some, "--eval-batches", "2");
    Path most = folder.resolve("most");
    succeed(most, "--eval-batches", "6");
    int all = evalTokens(run);
    assertThat(evalTokens(some)).isBetween(1, all / 2);
    assertThat(evalTokens(most)).isEqualTo(all);
  }

  private static int evalTokens(Path run) throws IOException {
    return TrainProcess.metrics(run).stream()
        .filter(row -> row.containsKey("eval_loss"))
        .mapToInt(row -> (int) row.get("eval_tokens"))
        .max()
        .orElseThrow();
  }

  private TrainProcess.Result succeed(Path output, String... more) {
    TrainProcess.Result result = TrainProcess.inside(arguments(output, more));
    assertThat(result.code()).as(result.errors()).isZero();
    return result;
  }

  private void refuse(String message, String... more) throws IOException {
    Map<String, String> before = TrainProcess.contents(run);
    TrainProcess.Result result = TrainProcess.inside(arguments(run, more));
    assertThat(result.code()).as(result.errors()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(result.error()).startsWith("error: ").contains(message).hasLineCount(1);
    assertThat(TrainProcess.contents(run)).isEqualTo(before);
  }

  /** What {@code more} says wins over what is here. */
  private String[] arguments(Path output, String... more) {
    Map<String, String> flags = new java.util.LinkedHashMap<>();
    flags.put("--model", TrainProcess.model("llama-tied").toString());
    flags.put("--data", folder.resolve("train.jsonl").toString());
    flags.put("--valid", folder.resolve("valid.jsonl").toString());
    flags.put("--output", output.toString());
    flags.put("--max-steps", "10");
    flags.put("--eval-every", "5");
    flags.put("--save-every", "1");
    flags.put("--batch-size", "2");
    flags.put("--max-length", "64");
    flags.put("--precision", "fp32");
    flags.put("--threads", "1");
    List<String> switches = new ArrayList<>(List.of("--quiet"));
    for (int i = 0; i < more.length; i++) {
      if (i + 1 < more.length && !more[i + 1].startsWith("--")) {
        flags.put(more[i], more[++i]);
      } else {
        switches.add(more[i]);
      }
    }
    List<String> all = new ArrayList<>();
    flags.forEach((flag, value) -> all.addAll(List.of(flag, value)));
    all.addAll(switches);
    return all.toArray(String[]::new);
  }
}
