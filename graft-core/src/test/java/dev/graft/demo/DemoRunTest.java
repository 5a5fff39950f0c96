package dev.graft.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.run.RunListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The demo on the model that comes with Graft and some of the tickets. */
class DemoRunTest {
  private static final Path CLONE = Path.of("..");

  @TempDir private Path folder;

  private Path home() throws IOException {
    Path home = folder.resolve("home");
    Path model = Files.createDirectories(home.resolve("models").resolve("graft-mini"));
    try (Stream<Path> files = Files.list(CLONE.resolve("models").resolve("graft-mini"))) {
      for (Path file : files.toList()) {
        Files.copy(file, model.resolve(file.getFileName()));
      }
    }
    Path tickets = Files.createDirectories(home.resolve("data").resolve("tickets"));
    Path all = CLONE.resolve("data").resolve("tickets");
    Files.copy(all.resolve("goal.yaml"), tickets.resolve("goal.yaml"));
    first(all, tickets, "train.jsonl", 48);
    first(all, tickets, "valid.jsonl", 8);
    first(all, tickets, "test.jsonl", 6);
    return home;
  }

  private static void first(Path from, Path to, String name, int rows) throws IOException {
    List<String> lines = Files.readAllLines(from.resolve(name)).subList(0, rows);
    Files.write(to.resolve(name), lines);
  }

  private String demo(Path home, Path output) throws IOException {
    StringBuilder text = new StringBuilder();
    DemoRun.Request request = new DemoRun.Request(home, output, 0);
    assertThat(new DemoRun(request, () -> false, RunListener.SILENT).run(text::append)).isTrue();
    return text.toString();
  }

  @Test
  void run_ticketsOfTheClone_fineTuningLearns() throws IOException {
    Path output = folder.resolve("out");
    String text = demo(home(), output);
    assertThat(text)
        .contains("1  What would it cost?", "LoRA r=16")
        .contains("2  Is the data fit for it?", "no errors, no warnings", "48 of 48")
        .contains("3  Which way is best for its cost?", "lora-r16", "Verdict")
        .contains("4  What did the adapter take", "pretrain (full)", "sft (lora)")
        .contains("5  Go on", output.resolve("report.html").toString());
    assertThat(output.resolve("report.html")).exists();
    JsonNode written = new JsonMapper().readTree(output.resolve("comparison.json").toFile());
    double before = loss(written, "zero-shot");
    assertThat(loss(written, "lora-r16")).isLessThan(before - 0.1);
    assertThat(loss(written, "scratch")).isGreaterThan(before);
    Path adapter = Path.of(between(text, "--adapter ", " --prompt"));
    assertThat(adapter.resolve("adapter_model.safetensors")).exists();
    assertThat(demo(folder.resolve("home"), output))
        .contains("5 of 5 cells are of an earlier run in this folder.");
  }

  private static double loss(JsonNode comparison, String strategy) {
    for (JsonNode result : comparison.path("results")) {
      if (result.path("strategy").asString().equals(strategy)) {
        return result.path("metrics").path("loss").path("mean").asDouble();
      }
    }
    throw new AssertionError("no result of " + strategy);
  }

  private static String between(String text, String before, String after) {
    int from = text.indexOf(before) + before.length();
    return text.substring(from, text.indexOf(after, from));
  }

  @Test
  void run_stopped_endsWithoutResult() throws IOException {
    List<String> parts = new ArrayList<>();
    DemoRun.Request request = new DemoRun.Request(home(), folder.resolve("out"), 0);
    assertThat(new DemoRun(request, () -> true, RunListener.SILENT).run(parts::add)).isFalse();
    assertThat(String.join("", parts)).doesNotContain("Verdict");
  }

  @Test
  void run_outputIsAFile_isRefusedBeforeAnythingIsSaid() throws IOException {
    Path home = home();
    List<String> parts = new ArrayList<>();
    DemoRun.Request request = new DemoRun.Request(home, home.resolve("data/tickets/goal.yaml"), 0);
    DemoRun demo = new DemoRun(request, () -> false, RunListener.SILENT);
    assertThatThrownBy(() -> demo.run(parts::add)).isInstanceOf(InputException.class);
    assertThat(parts).isEmpty();
  }

  @Test
  void run_noClone_isRefused() {
    DemoRun.Request request = new DemoRun.Request(folder, folder.resolve("out"), 0);
    DemoRun demo = new DemoRun(request, () -> false, RunListener.SILENT);
    assertThatThrownBy(() -> demo.run(text -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("graft-mini")
        .hasMessageContaining("is not there");
    assertThat(folder.resolve("out")).doesNotExist();
  }
}
