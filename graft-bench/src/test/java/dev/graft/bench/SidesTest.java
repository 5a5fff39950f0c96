package dev.graft.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.bench.products.Limit;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands that the benchmarks run in processes of their own, on the tiny model. */
@Timeout(60)
class SidesTest {
  @TempDir private Path folder;
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(args, new PrintWriter(new StringWriter()), new PrintWriter(err));
  }

  private JsonNode json(String name) throws Exception {
    return new JsonMapper().readTree(Files.readString(folder.resolve(name)));
  }

  @Test
  void autogradPeer_rows_leavesWhatASideLeaves() throws Exception {
    Path rows = folder.resolve("rows.jsonl");
    Files.writeString(rows, String.join("\n", TinyModel.rows(6)));

    int code =
        run(
            "autograd-peer",
            "--model=" + TinyModel.LLAMA,
            "--data=" + rows,
            "--output=" + folder,
            "--steps=3",
            "--batch-size=2",
            "--max-length=128",
            "--rank=4",
            "--precision=fp32",
            "--threads=1");

    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(Files.readAllLines(folder.resolve("metrics.jsonl"))).hasSize(3);
    assertThat(json("summary.json").get("seconds_to_first_step").doubleValue()).isPositive();
  }

  @Test
  void autogradPeer_tooFewRows_isOneLine() throws Exception {
    Path rows = folder.resolve("rows.jsonl");
    Files.writeString(rows, String.join("\n", TinyModel.rows(3)));

    int code =
        run(
            "autograd-peer",
            "--model=" + TinyModel.LLAMA,
            "--data=" + rows,
            "--output=" + folder,
            "--steps=3",
            "--batch-size=2",
            "--threads=1");

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("rows.jsonl: has too few rows for 3 steps");
  }

  @Test
  void autogradPeer_otherModel_isRefused() throws Exception {
    Path rows = folder.resolve("rows.jsonl");
    Files.writeString(rows, String.join("\n", TinyModel.rows(3)));

    int code =
        run(
            "autograd-peer",
            "--model=" + TinyModel.GOLDEN.resolve("models").resolve("qwen2"),
            "--data=" + rows,
            "--output=" + folder,
            "--steps=1",
            "--batch-size=2",
            "--threads=1");

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("knows Llama without biases and windows only");
  }

  @Test
  void products_tinyModel_giveALimit() throws Exception {
    Path file = folder.resolve("products.json");

    int code =
        run(
            "products",
            "--model=" + TinyModel.LLAMA,
            "--tokens=40",
            "--learnt=7",
            "--batch-size=2",
            "--rank=4",
            "--budget=0.01",
            "--threads=1",
            "--output=" + file);

    assertThat(code).isZero();
    Limit limit = Limit.read(file);
    assertThat(limit.timings()).hasSize(10);
    assertThat(limit.median()).isPositive().isLessThanOrEqualTo(limit.best());
    assertThat(limit.markdown()).contains("q, k, v forward (40, 64)·(64, 128)", "for 40 tokens");
  }

  @Test
  void generateGraft_prompt_isTimed() throws Exception {
    Path prompt = Files.writeString(folder.resolve("prompt.txt"), "What is tea?");
    Path file = folder.resolve("generated.json");

    int code =
        run(
            "generate-graft",
            "--model=" + TinyModel.LLAMA,
            "--prompt=" + prompt,
            "--output=" + file,
            "--new-tokens=5",
            "--batch-size=2",
            "--precision=fp32",
            "--threads=1");

    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    JsonNode generated = json("generated.json");
    assertThat(generated.get("newTokens").intValue()).isEqualTo(5);
    assertThat(generated.get("promptTokens").intValue()).isPositive();
    assertThat(generated.get("tokenSeconds").doubleValue()).isPositive();
  }

  private int planTrain(String... more) {
    List<String> args = new ArrayList<>();
    args.addAll(
        List.of(
            "plan-train",
            "--config=" + TinyModel.LLAMA.resolve("config.json"),
            "--output=" + folder.resolve("plan.json"),
            "--ranks=0,4,8",
            "--length=24",
            "--batch-size=2",
            "--learnt-share=0.5",
            "--precision=fp32",
            "--threads=1",
            "--probe=0.05"));
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  @Test
  void planTrain_settings_arePlannedAndMeasuredInTurns() throws Exception {
    int code = planTrain("--checkpointing");

    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    JsonNode settings = json("plan.json");
    assertThat(settings).hasSize(3);
    for (JsonNode setting : settings) {
      assertThat(setting.get("planned_seconds").doubleValue()).isPositive().isFinite();
      assertThat(setting.get("measured_seconds").doubleValue()).isPositive().isFinite();
      assertThat(setting.get("planned_bytes").doubleValue()).isPositive();
      assertThat(setting.get("seconds").size()).isPositive();
    }
    assertThat(settings.get(1).get("trainable").longValue())
        .isEqualTo(settings.get(2).get("trainable").longValue() / 2);
    assertThat(folder).isDirectoryNotContaining(file -> Files.isDirectory(file));
  }

  @Test
  void planTrain_memory_isThatOfSteps() throws Exception {
    int code = planTrain("--memory");

    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(json("plan.json")).hasSize(3).allMatch(setting -> setting.has("tensor_bytes"));
  }
}
