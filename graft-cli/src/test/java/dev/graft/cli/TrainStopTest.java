package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Training in a process of its own that is interrupted or runs out of disk. */
class TrainStopTest {
  private static final int STEPS = 40;
  private static final String MODEL = Path.of("..", "golden", "models", "llama-tied").toString();
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  @BeforeEach
  void writeData() throws IOException {
    Files.writeString(folder.resolve("train.jsonl"), rows(40, 1));
    Files.writeString(folder.resolve("valid.jsonl"), rows(6, 2));
  }

  private static String rows(int count, long seed) {
    List<String> words = List.of("small", "library", "reads", "files", "sound", "quick", "brown");
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < count; row++) {
      text.append("{\"messages\": [{\"role\": \"user\", \"content\": \"")
          .append(some(words, 3 + random.nextInt(8), random))
          .append("\"}, {\"role\": \"assistant\", \"content\": \"")
          .append(some(words, 1 + random.nextInt(4), random))
          .append("\"}]}\n");
    }
    return text.toString();
  }

  private static String some(List<String> words, int count, SplittableRandom random) {
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chosen.add(words.get(random.nextInt(words.size())));
    }
    return String.join(" ", chosen);
  }

  private List<String> command(String run, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.graft.cli.Main",
                "train",
                "--model=" + MODEL,
                "--data=" + folder.resolve("train.jsonl"),
                "--valid=" + folder.resolve("valid.jsonl"),
                "--output=" + folder.resolve(run),
                "--max-steps=" + STEPS,
                "--save-every=1",
                "--eval-every=10",
                "--dropout=0.1",
                "--max-length=96",
                "--threads=1"));
    command.addAll(List.of(more));
    return command;
  }

  private Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
        .start();
  }

  private int finish(Process process) throws Exception {
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("ends in time").isTrue();
    return process.exitValue();
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  /** Rows of the metrics without what depends on the clock. */
  private List<ObjectNode> metrics(String run) throws IOException {
    List<ObjectNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(run).resolve("metrics.jsonl"))) {
      ObjectNode row = (ObjectNode) JSON.readTree(line);
      row.remove("seconds");
      row.remove("tokens_per_second");
      rows.add(row);
    }
    return rows;
  }

  private void assertSameResult(String run, String reference) throws IOException {
    for (String name : List.of("adapter_model.safetensors", "adapter_config.json")) {
      assertThat(folder.resolve(run).resolve("adapter").resolve(name))
          .hasSameBinaryContentAs(folder.resolve(reference).resolve("adapter").resolve(name));
    }
    assertThat(metrics(run)).isEqualTo(metrics(reference));
    try (Stream<Path> files = Files.walk(folder.resolve(run))) {
      assertThat(files.filter(f -> f.toString().endsWith(".tmp"))).isEmpty();
    }
  }

  @Test
  void interrupted_saves_andResumes() throws Exception {
    assertThat(finish(start(command("whole")))).isZero();
    Process process = start(command("stopped"));
    Path metrics = folder.resolve("stopped").resolve("metrics.jsonl");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!(Files.exists(metrics) && Files.readAllLines(metrics).size() > 5)) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(5);
    }
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertThat(finish(process)).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(log()).contains("--resume");
    assertThat(folder.resolve("stopped").resolve("adapter")).doesNotExist();
    assertThat(finish(start(command("stopped", "--resume")))).isZero();
    assertSameResult("stopped", "whole");
  }

  @Test
  void fullDisk_isAnError_andTheRunGoesOnLater() throws Exception {
    assertThat(finish(start(command("whole")))).isZero();
    List<String> limited = new ArrayList<>(List.of("bash", "-c", "ulimit -f 60; exec \"$@\"", "-"));
    limited.addAll(command("full"));
    assertThat(finish(start(limited))).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(log().lines().filter(line -> line.startsWith("error: "))).hasSize(1);
    assertThat(log()).doesNotContain("\tat ");
    assertThat(finish(start(command("full", "--resume")))).as(log()).isZero();
    assertSameResult("full", "whole");
  }

  @Test
  void otherSettings_areNotResumed_andAnExistingRunIsLeftAlone() throws Exception {
    assertThat(finish(start(command("run")))).isZero();
    List<ObjectNode> before = metrics("run");
    assertThat(finish(start(command("run")))).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(finish(start(command("run", "--resume", "--learning-rate=0.5"))))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(log()).contains("learning-rate");
    assertThat(metrics("run")).isEqualTo(before);
  }
}
