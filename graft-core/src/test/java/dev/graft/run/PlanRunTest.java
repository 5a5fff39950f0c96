package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.adapter.TargetModules;
import dev.graft.data.LossOn;
import dev.graft.data.RowOptions;
import dev.graft.engine.DType;
import dev.graft.plan.MemoryParts;
import dev.graft.plan.Plan;
import dev.graft.plan.PlanSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans that count the tokens of files. */
class PlanRunTest {
  private static final String MODEL = Path.of("..", "golden", "models", "llama-tied").toString();

  @TempDir private Path folder;

  private PlanRun.Request request(String rows) throws IOException {
    Path file = Files.writeString(folder.resolve("rows.jsonl"), rows);
    return new PlanRun.Request(
        MODEL,
        new PlanRun.Data(List.of(file), RowOptions.DEFAULT, LossOn.COMPLETION, 0, 0.5, 1),
        new PlanRun.Training(
            DType.F32, 2, 0, 0, 64, false, List.of(4), new TargetModules.AllLinear(), 20),
        new PlanRun.Hardware(
            List.of("H100"), List.of(), 0.4, 0, 0, 1, 1, MemoryParts.Sharding.NONE),
        new PlanSettings.Wish(0, false, 0));
  }

  @Test
  void run_data_countsItsTokens() throws IOException {
    String row = "{\"prompt\": \"sun moon\", \"completion\": \"tree rain\"}\n";
    Plan plan = PlanRun.run(request(row.repeat(3)), RunListener.SILENT, () -> false);
    assertThat(plan.load().examples()).isEqualTo(3);
    assertThat(plan.load().learnt()).isPositive().isLessThan(plan.load().tokens());
  }

  @Test
  void run_noUsableRow_namesTheFirstMistake() throws IOException {
    PlanRun.Request request = request("{\"nothing\": 1}\n");
    assertThatThrownBy(() -> PlanRun.run(request, RunListener.SILENT, () -> false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no row can be used; the first: ");
  }

  @Test
  void run_stoppedAtOnce_doesNotBlameTheData() throws IOException {
    PlanRun.Request request = request("{\"prompt\": \"sun\", \"completion\": \"tree\"}\n");
    assertThatThrownBy(() -> PlanRun.run(request, RunListener.SILENT, () -> true))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("stopped before a row was counted");
  }
}
