package dev.graft.bench.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.bench.TinyModel;
import dev.graft.data.EpochOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedDataTest {
  @TempDir private Path folder;

  private TrainSettings settings(String rows, int steps, int maxLength) throws Exception {
    Path data = Files.writeString(folder.resolve("data.jsonl"), rows);
    Path model = TinyModel.LLAMA;
    return new TrainSettings(model, model, data, steps, 0, 2, maxLength, 4, 1e-3, "fp32", 42, 1);
  }

  @Test
  void prepare_rows_areInGraftsOrder() throws Exception {
    List<String> rows = TinyModel.rows(5);
    PreparedData data = PreparedData.prepare(settings(String.join("\r\n", rows), 2, 128), folder);

    assertThat(Files.readAllLines(data.rows())).isEqualTo(rows);
    List<String> expected = new ArrayList<>();
    for (int index : new EpochOrder(5, 42).batch(EpochOrder.Cursor.START, 5)) {
      expected.add(rows.get(index));
    }
    assertThat(Files.readAllLines(data.inOrder())).isEqualTo(expected).isNotEqualTo(rows);
    assertThat(data.tokens()).hasSize(2).allMatch(count -> count > 10);
    assertThat(data.learnt()).hasSize(2).allMatch(count -> count > 1);
  }

  @Test
  void prepare_longRows_areLeftOut() throws Exception {
    List<String> rows = new ArrayList<>(TinyModel.rows(4));
    rows.add(2, TinyModel.row("word ".repeat(300), "yes"));

    PreparedData data = PreparedData.prepare(settings(String.join("\n", rows), 2, 120), folder);

    assertThat(Files.readAllLines(data.rows())).isEqualTo(TinyModel.rows(4));
  }

  @Test
  void prepare_tooFewRows_saysHowManyAreNeeded() throws Exception {
    TrainSettings settings = settings(String.join("\n", TinyModel.rows(3)), 2, 128);

    assertThatThrownBy(() -> PreparedData.prepare(settings, folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("3 rows fit --max-length, but 2 steps need 4");
  }

  @Test
  void open_missingModel_isNamed() {
    assertThatThrownBy(() -> PreparedData.open(folder.resolve("none")))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("there is no such model folder or file");
  }
}
