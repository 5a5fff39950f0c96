package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.compare.CellResult;
import dev.graft.compare.Comparison;
import dev.graft.compare.ComparisonJson;
import dev.graft.compare.Strategy;
import dev.graft.config.DataChecking;
import dev.graft.config.Precision;
import dev.graft.data.RowOptions;
import dev.graft.ledger.LedgerFile;
import dev.graft.train.log.MetricsLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole comparisons of a tiny model. */
class CompareRunTest {
  private static final String MODEL = Path.of("..", "golden", "models", "llama-tied").toString();
  private static final String[] WORDS = {"sun", "moon", "tree", "rain", "red", "cat", "dog", "sea"};

  @TempDir private Path folder;
  private final List<String> notes = new ArrayList<>();
  private final List<String> steps = new ArrayList<>();
  private String progress = "";
  private Asked asked;

  private final RunListener listener =
      new RunListener() {
        @Override
        public void progress(String text) {
          progress = text;
          if (text.contains(": step ")) {
            steps.add(text);
          }
        }

        @Override
        public void note(String text) {
          notes.add(text);
        }
      };

  /** What tests change of a request. */
  private record Asked(
      String strategies,
      List<Integer> sizes,
      List<Long> seeds,
      CompareRequest.Equal equal,
      Optional<String> reference,
      OptionalDouble budget,
      int answers) {
    Asked strategies(String other) {
      return new Asked(other, sizes, seeds, equal, reference, budget, answers);
    }

    Asked sizes(Integer... other) {
      return new Asked(strategies, List.of(other), seeds, equal, reference, budget, answers);
    }

    Asked seeds(Long... other) {
      return new Asked(strategies, sizes, List.of(other), equal, reference, budget, answers);
    }

    Asked flops(OptionalDouble most) {
      return new Asked(
          strategies, sizes, seeds, CompareRequest.Equal.FLOPS, reference, most, answers);
    }

    Asked reference(String other) {
      return new Asked(strategies, sizes, seeds, equal, Optional.of(other), budget, answers);
    }

    Asked answers(int other) {
      return new Asked(strategies, sizes, seeds, equal, reference, budget, other);
    }
  }

  @BeforeEach
  void write() throws IOException {
    rows("train.jsonl", 0, 12);
    rows("valid.jsonl", 12, 3);
    rows("test.jsonl", 15, 4);
    asked =
        new Asked(
            "zero-shot,few-shot-1,scratch,lora-r2",
            List.of(4, 8),
            List.of(1L),
            CompareRequest.Equal.DATA,
            Optional.empty(),
            OptionalDouble.empty(),
            2);
  }

  private void rows(String name, int from, int count) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      String a = WORDS[i % 8];
      String b = WORDS[(i * 3 + i / 8) % 8];
      lines.add(
          "{\"messages\": [{\"role\": \"user\", \"content\": \"%s %s %d\"}, ".formatted(a, b, i)
              + "{\"role\": \"assistant\", \"content\": \"%s %s\"}]}".formatted(b, a));
    }
    Files.write(folder.resolve(name), lines);
  }

  private CompareRequest request(String output) {
    return request(output, Optional.of(folder.resolve("test.jsonl")), Optional.empty());
  }

  private CompareRequest request(String output, Optional<Path> test, Optional<Path> goal) {
    return new CompareRequest(
        MODEL,
        new CompareRequest.Files(
            folder.resolve("train.jsonl"),
            test.map(file -> folder.resolve("valid.jsonl")),
            test,
            RowOptions.DEFAULT,
            goal,
            folder.resolve(output)),
        new CompareRequest.Grid(
            Strategy.parseAll("--strategies", asked.strategies), asked.sizes, asked.seeds),
        new CompareRequest.Training(
            asked.equal,
            asked.reference.map(text -> Strategy.parse("--reference", text)),
            asked.budget,
            2,
            2,
            96,
            Map.of(),
            DataChecking.ERROR),
        new CompareRequest.Answering(3, asked.answers),
        Precision.FP32,
        1);
  }

  private CompareRun.Outcome run(String output) throws IOException {
    return run(output, () -> false);
  }

  private CompareRun.Outcome run(String output, BooleanSupplier stop) throws IOException {
    progress = "";
    return new CompareRun(request(output), stop, listener).run();
  }

  private Map<String, Map<String, Double>> metrics(CompareRun.Outcome outcome) {
    Map<String, Map<String, Double>> all = new java.util.TreeMap<>();
    Comparison comparison = outcome.comparison().orElseThrow();
    for (CellResult cell : comparison.cells()) {
      Map<String, Double> values = new java.util.TreeMap<>();
      comparison.metrics().forEach(m -> values.put(m.id(), cell.scores().mean(m)));
      values.put("flops", cell.cost().flops());
      values.put("steps", cell.cost().steps());
      all.put(cell.folder(), values);
    }
    return all;
  }

  @Test
  void run_twice_doesNothingTheSecondTime_andLaterOnlyWhatIsNew() throws IOException {
    CompareRun.Outcome first = run("out");
    // zero-shot, few-shot, and two strategies that train with two sizes
    assertThat(first.done()).isEqualTo(6);
    assertThat(first.found()).isZero();
    Path out = folder.resolve("out");
    assertThat(out.resolve("comparison.json")).isNotEmptyFile();
    assertThat(Files.readString(out.resolve("report.html"))).contains("lora-r2");
    try (Stream<Path> all = Files.walk(out)) {
      assertThat(all.map(path -> path.getFileName().toString()))
          .contains("adapter_model.safetensors")
          .doesNotContain("checkpoints");
    }
    steps.clear();
    CompareRun.Outcome second = run("out");
    assertThat(second.done()).isZero();
    assertThat(second.found()).isEqualTo(6);
    assertThat(steps).isEmpty();
    String created = "\"created\" : \"[^\"]+\"";
    assertThat(ComparisonJson.write(second.comparison().orElseThrow()).replaceAll(created, ""))
        .isEqualTo(ComparisonJson.write(first.comparison().orElseThrow()).replaceAll(created, ""));

    asked = asked.answers(4);
    assertThat(run("out").done()).isZero();
    asked = asked.seeds(1L, 2L);
    // Of the second seed all but zero-shot, which draws nothing.
    assertThat(run("out").done()).isEqualTo(5);
    asked = asked.strategies("scratch,lora-r2,lora-r4,zero-shot");
    assertThat(run("out").done()).isEqualTo(4);
    asked = asked.sizes(4, 8, 12);
    assertThat(run("out").done()).isEqualTo(6);
    Files.writeString(
        folder.resolve("test.jsonl"),
        Files.readString(folder.resolve("test.jsonl")).replace("sun", "sea"));
    steps.clear();
    CompareRun.Outcome other = run("out");
    assertThat(other.found()).as("other test rows are other cells").isZero();
    assertThat(steps).as("of the same trainings").isEmpty();
  }

  @Test
  void run_stoppedAgainAndAgain_goesOnToTheSameComparison() throws IOException {
    asked = asked.strategies("zero-shot,lora-r2").sizes(8);
    CompareRun.Outcome whole = run("whole");
    // In the middle of a run, which then goes on from its checkpoint.
    CompareRun.Outcome part = run("parts", () -> progress.contains(": step 3/"));
    assertThat(part.comparison()).isEmpty();
    assertThat(part.done()).isEqualTo(1);
    assertThat(notes).contains("stopped at cell 2 of 2; the same command goes on from there");
    assertThat(folder.resolve("parts/comparison.json")).doesNotExist();
    // In the middle of an evaluation, behind a run that is done.
    part = run("parts", () -> progress.contains(": measured the loss"));
    assertThat(part.comparison()).isEmpty();
    steps.clear();
    CompareRun.Outcome rest = run("parts");
    assertThat(rest.found()).isEqualTo(1);
    assertThat(steps).isEmpty();
    assertThat(metrics(rest)).isEqualTo(metrics(whole));
    String cell = rest.comparison().orElseThrow().cells().getLast().run();
    assertThat(
            LedgerFile.read(folder.resolve("parts").resolve(cell))
                .run()
                .orElseThrow()
                .spent()
                .data()
                .steps())
        .isEqualTo(8);
  }

  @Test
  void run_afterAKillWhileItWrote_doesThatCellAgain() throws IOException {
    asked = asked.strategies("zero-shot,lora-r2").sizes(4);
    CompareRun.Outcome whole = run("out");
    Path cell =
        folder
            .resolve("out")
            .resolve(whole.comparison().orElseThrow().cells().getLast().folder())
            .resolve("cell.json");
    Files.writeString(cell, Files.readString(cell).substring(0, 100));
    CompareRun.Outcome again = run("out");
    assertThat(again.done()).isEqualTo(1);
    assertThat(metrics(again)).isEqualTo(metrics(whole));
  }

  @Test
  void run_equalFlops_keepsTheBudgetWithinAStep() throws IOException {
    asked =
        asked.strategies("scratch,full,lora-r2,lora-r16").sizes(12).flops(OptionalDouble.empty());
    checkBudget(run("out").comparison().orElseThrow(), "lora-r16");
    asked = asked.reference("full");
    checkBudget(run("out").comparison().orElseThrow(), "full");
  }

  private void checkBudget(Comparison comparison, String reference) throws IOException {
    double budget =
        comparison.cells().stream()
            .filter(cell -> cell.cell().strategy().id().equals(reference))
            .mapToDouble(cell -> cell.cost().flops())
            .sum();
    assertThat(comparison.cells()).hasSize(4);
    for (CellResult cell : comparison.cells()) {
      double most = 0;
      double sum = 0;
      Path run = folder.resolve("out").resolve(cell.run());
      for (Map<String, Object> row : MetricsLog.read(run.resolve("metrics.jsonl"))) {
        if (row.get("flops") instanceof Number flops) {
          most = Math.max(most, flops.doubleValue());
          sum += flops.doubleValue();
        }
      }
      assertThat(cell.cost().flops()).isEqualTo(sum);
      assertThat(sum).as(cell.folder()).isLessThanOrEqualTo(budget).isGreaterThan(budget - most);
    }
  }

  @Test
  void run_withGoalAndWithoutTestRows_judgesAndHoldsOut() throws IOException {
    rows("train.jsonl", 0, 30);
    Path goal = folder.resolve("goal.yaml");
    Files.writeString(goal, "rules:\n  - at most 1 word\n");
    asked = asked.strategies("zero-shot");
    Comparison comparison =
        new CompareRun(request("out", Optional.empty(), Optional.of(goal)), () -> false, listener)
            .run()
            .comparison()
            .orElseThrow();
    assertThat(comparison.task().testRows()).isEqualTo(3);
    assertThat(comparison.task().trainRows()).isEqualTo(24);
    assertThat(comparison.metrics()).extracting(m -> m.id()).contains("rules");
    assertThat(notes).anyMatch(note -> note.startsWith("held out of "));
  }

  @Test
  void run_testRowsThatAreTrainedOn_areWarnedOf() throws IOException {
    asked = asked.strategies("zero-shot");
    Files.copy(
        folder.resolve("train.jsonl"),
        folder.resolve("test.jsonl"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    run("out");
    assertThat(notes).anyMatch(note -> note.contains("12 rows stand in"));
  }

  @Test
  void run_wrongInput_isRefusedBeforeAnythingIsDone() throws IOException {
    Asked good = asked;
    asked = good.sizes(4, 13);
    refused("--sizes: 13 is more than the 12 rows");
    asked = good.strategies("few-shot-5");
    refused("few-shot-5 needs 5 rows, the smallest of --sizes is 4");
    asked = good.reference("lora-r2");
    refused("--reference and --budget need --equal flops");
    asked = good.flops(OptionalDouble.empty()).reference("full");
    refused("--reference: full is none of --strategies");
    asked = good.flops(OptionalDouble.of(10));
    refused("less than one step of");
    asked = good;
    Path goal = Files.writeString(folder.resolve("goal.yaml"), "rules: 7\n");
    refused(
        () ->
            new CompareRun(
                    request("out", Optional.of(folder.resolve("test.jsonl")), Optional.of(goal)),
                    () -> false,
                    listener)
                .run(),
        "goal.yaml:1");
    Files.writeString(folder.resolve("test.jsonl"), "");
    refused("test.jsonl: is empty");
    Files.writeString(folder.resolve("test.jsonl"), "{\"text\": \"no answer\"}\n");
    refused("test.jsonl:1: is no conversation");
    Files.createDirectories(folder.resolve("out"));
    Files.writeString(folder.resolve("out/thesis.txt"), "mine");
    refused("holds something else (thesis.txt)");
  }

  private void refused(String what) {
    refused(() -> run("out"), what);
  }

  private void refused(ThrowingCallable call, String what) {
    assertThatThrownBy(call).isInstanceOf(InputException.class).hasMessageContaining(what);
    assertThat(folder.resolve("out/cells")).doesNotExist();
  }

  @Test
  void progress_saysWhichCellItIs() throws IOException {
    AtomicInteger asks = new AtomicInteger();
    asked = asked.strategies("lora-r2").sizes(4);
    run(
        "out",
        () -> {
          asks.incrementAndGet();
          return false;
        });
    assertThat(steps).isNotEmpty().allMatch(step -> step.startsWith("cell 1/1 lora-r2, 4 rows"));
    assertThat(asks.get()).isGreaterThan(4);
  }
}
