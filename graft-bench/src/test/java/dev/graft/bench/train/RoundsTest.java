package dev.graft.bench.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.bench.BenchException;
import dev.graft.bench.products.Limit;
import dev.graft.bench.report.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sides that are shell scripts: what they write is known, so is what must come out. */
@Timeout(60)
class RoundsTest {
  private static final List<Long> TOKENS = List.of(100L, 120L, 80L);

  @TempDir private Path folder;
  private final List<Integer> before = new ArrayList<>();

  @BeforeEach
  void needsShell() {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a shell");
  }

  /** A side whose steps take so many seconds; the second round takes {@code slower} times that. */
  private Side side(String name, double seconds, double slower) {
    return new Side(
        name,
        "a script",
        mine -> {
          double factor = mine.toString().contains("round-2") ? slower : 1;
          StringBuilder rows = new StringBuilder();
          for (int i = 0; i < TOKENS.size(); i++) {
            rows.append(row(i + 1, TOKENS.get(i), seconds * factor));
          }
          return script(
              mine, name, rows.toString(), "{\"seconds_to_first_step\":2.5,\"x_version\":\"7\"}");
        });
  }

  private static String row(int step, long tokens, double seconds) {
    return "{\"step\":%d,\"tokens\":%d,\"seconds\":%s,\"loss\":3}\\n"
        .formatted(step, tokens, seconds);
  }

  private List<String> script(Path mine, String name, String metrics, String summary) {
    String script =
        "echo %s >>'%s'; mkdir -p '%s'; printf '%s' >'%s'; printf '%%s' '%s' >'%s'"
            .formatted(
                name,
                folder.resolve("order"),
                mine,
                metrics,
                mine.resolve("metrics.jsonl"),
                summary,
                mine.resolve("summary.json"));
    return List.of("/bin/sh", "-c", script);
  }

  private Rounds rounds() {
    return new Rounds(folder, TOKENS, 1, text -> {});
  }

  @Test
  void run_threeRounds_alternate() throws IOException {
    List<Side> sides = List.of(side("graft", 0.1, 1), side("peer", 0.2, 1));

    Map<String, List<SideRun>> runs = run(sides, 3);

    assertThat(folder.resolve("order")).hasContent("graft\npeer\npeer\ngraft\ngraft\npeer");
    assertThat(runs.get("graft")).hasSize(3);
    SideRun run = runs.get("peer").getFirst();
    assertThat(run.secondsToFirstStep()).isEqualTo(2.5);
    assertThat(run.versions()).isEqualTo(Map.of("x", "7"));
    // Of the steps after the first: 120 and 80 tokens in 0.2 s each.
    assertThat(run.speed(1).median()).isCloseTo(500, within(1e-9));
    assertThat(run.speed(1).max()).isCloseTo(600, within(1e-9));
  }

  private Map<String, List<SideRun>> run(List<Side> sides, int count) throws IOException {
    return rounds().run(sides, count, round -> before.add(round));
  }

  @Test
  void report_ratio_isTheMedianOfRounds() throws IOException {
    List<Side> sides = List.of(side("graft", 0.1, 1), side("peer", 0.2, 3));
    Map<String, List<SideRun>> runs = run(sides, 3);
    Limit limit = new Limit(new Limit.Work(100, 10, 8, 16), List.of(), 0, 1e9);
    TrainReport report = new TrainReport(Machine.here(), settings(3, 1), sides, runs, limit);

    assertThat(before).containsExactly(1, 2, 3);
    assertThat(report.ratio(sides.get(1)).median()).isCloseTo(2, within(1e-9));
    assertThat(report.ratio(sides.get(1)).min()).isCloseTo(2, within(1e-9));
    assertThat(report.ratio(sides.get(1)).max()).isCloseTo(6, within(1e-9));
    assertThat(report.markdown()).contains("| peer ", "2.00", "2.00 to 6.00", "a script; {x=7}");
    JsonMapper mapper = new JsonMapper();
    JsonNode json = mapper.readTree(mapper.writeValueAsString(report.json()));
    assertThat(json.at("/ratios/peer/median").doubleValue()).isCloseTo(2, within(1e-9));
    assertThat(json.at("/runs/graft").size()).isEqualTo(3);
  }

  @Test
  void run_otherTokens_isNotCompared() {
    Side other =
        new Side(
            "peer",
            "",
            mine ->
                script(
                    mine,
                    "peer",
                    row(1, 100, 1) + row(2, 121, 1) + row(3, 80, 1),
                    "{\"seconds_to_first_step\":1}"));

    assertThatThrownBy(() -> run(List.of(other), 1))
        .isInstanceOf(BenchException.class)
        .hasMessage(
            "peer (round 1) processed 121 tokens in step 2 instead of 120: it did not do the same work");
  }

  @Test
  void run_tooFewSteps_isNotCompared() {
    Side other =
        new Side(
            "peer",
            "",
            mine -> script(mine, "peer", row(1, 100, 1), "{\"seconds_to_first_step\":1}"));

    assertThatThrownBy(() -> run(List.of(other), 1))
        .hasMessage("peer (round 1) made 1 steps instead of 3");
  }

  @Test
  void run_damagedFiles_areNamed() {
    for (String summary : List.of("", "{", "{}", "[1]", "{\"seconds_to_first_step\":\"x\"}")) {
      Side other = new Side("peer", "", mine -> script(mine, "peer", row(1, 100, 1), summary));
      assertThatThrownBy(() -> run(List.of(other), 1))
          .as(summary)
          .isInstanceOf(BenchException.class)
          .hasMessageContaining("summary.json");
    }
    for (String row : List.of("{}\\n", "{\\n{}\\n", "{\"seconds\":0,\"tokens\":1,\"loss\":1}\\n")) {
      Side other =
          new Side("peer", "", mine -> script(mine, "peer", row, "{\"seconds_to_first_step\":1}"));
      assertThatThrownBy(() -> run(List.of(other), 1))
          .as(row)
          .isInstanceOf(BenchException.class)
          .hasMessageContaining("metrics.jsonl");
    }
  }

  @Test
  void run_failingPeer_stopsWithItsLastLine() {
    List<String> command = List.of("/bin/sh", "-c", "echo ModuleNotFoundError: trl; exit 1");
    Side failing = new Side("trl", "", mine -> command);
    List<Side> sides = new ArrayList<>(List.of(side("graft", 0.1, 1)));
    sides.add(failing);

    assertThatThrownBy(() -> run(sides, 3))
        .isInstanceOf(BenchException.class)
        .hasMessageStartingWith("trl (round 1) failed with exit code 1: ModuleNotFoundError: trl");
  }

  static TrainSettings settings(int steps, int settled) {
    Path any = Path.of("any");
    return new TrainSettings(any, any, any, steps, settled, 8, 512, 16, 2e-4, "bf16", 42, 1);
  }
}
