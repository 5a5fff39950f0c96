package dev.graft.data.arrange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.data.RowOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixTest {
  @TempDir private Path folder;
  private Path task;
  private Path general;
  private Path output;

  @BeforeEach
  void rows() throws IOException {
    task = write("task.jsonl", "task", 90);
    general = write("general.jsonl", "general", 40);
    output = folder.resolve("mixed.jsonl");
  }

  private Path write(String name, String word, int rows) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      lines.add("{\"text\":\"" + word + " " + i + "\"}");
    }
    return Files.write(folder.resolve(name), lines);
  }

  private Mix.Request request(OptionalLong rows, boolean repeat) {
    List<Mix.Source> sources = List.of(new Mix.Source(task, 0.9), new Mix.Source(general, 0.1));
    return new Mix.Request(output, sources, rows, RowOptions.DEFAULT, 3, repeat, false);
  }

  private static Map<String, Integer> counts(List<String> rows) {
    Map<String, Integer> counts = new HashMap<>();
    rows.forEach(row -> counts.merge(row, 1, Integer::sum));
    return counts;
  }

  @Test
  void mix_withoutANumber_takesWhatThereIsWithoutRepeating() throws IOException {
    Mix.Result result = Mix.run(request(OptionalLong.empty(), true));
    List<String> rows = Files.readAllLines(output);
    assertThat(rows).hasSize(100).doesNotHaveDuplicates();
    assertThat(rows.stream().filter(row -> row.contains("general"))).hasSize(10);
    assertThat(result.sources().get(0).taken()).isEqualTo(90);
    // Shuffled: not all of one source first.
    assertThat(rows.subList(0, 90).stream().anyMatch(row -> row.contains("general"))).isTrue();
  }

  @Test
  void mix_moreThanThereIs_repeatsEvenly() throws IOException {
    Mix.Result result = Mix.run(request(OptionalLong.of(250), true));
    Map<String, Integer> counts = counts(Files.readAllLines(output));
    assertThat(counts.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(250);
    counts.forEach((row, count) -> {
      if (row.contains("task")) {
        assertThat(count).isBetween(2, 3); // 225 of 90 rows
      } else {
        assertThat(count).isEqualTo(1);
      }
    });
    assertThat(result.sources().get(0).epochs()).isEqualTo(2.5);
  }

  @Test
  void mix_tooFewRowsWithoutRepeating_isRefused() {
    assertThatThrownBy(() -> Mix.run(request(OptionalLong.of(250), false)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(task + ": has 90 rows, but 225 are wanted");
    assertThat(output).doesNotExist();
  }

  @Test
  void mix_sameSeed_sameFile() throws IOException {
    var unused = Mix.run(request(OptionalLong.of(50), true));
    byte[] first = Files.readAllBytes(output);
    Files.delete(output);
    unused = Mix.run(request(OptionalLong.of(50), true));
    assertThat(Files.readAllBytes(output)).isEqualTo(first);
  }

  @Test
  void mix_sharedRows_areCounted() throws IOException {
    Files.writeString(general, "{\"text\": \"Task 5\"}\n".repeat(40));
    assertThat(Mix.run(request(OptionalLong.empty(), true)).repeated()).isEqualTo(40);
  }

  @Test
  void mix_otherKinds_areRefused() throws IOException {
    Files.writeString(general, "{\"prompt\": \"a\", \"completion\": \"b\"}\n");
    assertThatThrownBy(() -> Mix.run(request(OptionalLong.of(10), true)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(general + ":1: is of another kind than " + task + ":1");
  }

  @Test
  void mix_existingOutput_isRefusedAndStays() throws IOException {
    Files.writeString(output, "mine");
    assertThatThrownBy(() -> Mix.run(request(OptionalLong.empty(), true)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("exists");
    assertThat(output).hasContent("mine");
    assertThat(folder.toFile().list()).hasSize(3);
  }

  private Mix.Request of(List<Mix.Source> sources, OptionalLong rows, long seed) {
    return new Mix.Request(output, sources, rows, RowOptions.DEFAULT, seed, true, true);
  }

  @Test
  void mix_linesOfJson_areTheSameBytes() throws IOException {
    String odd = "{ \"text\" :\"\\u0061\\ud800\", \"n\": 1.10, \"m\": 1e400}";
    Files.writeString(general, odd + "\r\n");
    var unused = Mix.run(of(List.of(new Mix.Source(general, 1)), OptionalLong.empty(), 1));
    assertThat(Files.readString(output)).isEqualTo(odd + "\n");
  }

  @Test
  void mix_otherFormat_isMixedToo() throws IOException {
    Path table = Files.writeString(folder.resolve("table.csv"), "text\n\"a \u00e9, b\"\n");
    List<Mix.Source> sources = List.of(new Mix.Source(task, 90), new Mix.Source(table, 1));
    var unused = Mix.run(of(sources, OptionalLong.empty(), 1));
    assertThat(Files.readAllLines(output)).hasSize(91).contains("{\"text\":\"a \u00e9, b\"}");
  }

  @Test
  void mix_weights_areMetToARow() throws IOException {
    for (int rows = 2; rows < 60; rows++) {
      List<Mix.Source> sources = List.of(new Mix.Source(task, 0.7), new Mix.Source(general, 0.3));
      Mix.Result result = Mix.run(of(sources, OptionalLong.of(rows), rows));
      assertThat(result.rows()).isEqualTo(rows);
      assertThat((double) result.sources().getFirst().taken())
          .isBetween(0.7 * rows - 1, 0.7 * rows + 1);
    }
  }

  @Test
  void mix_overManySeeds_placesAreUniform() throws IOException {
    double sum = 0;
    int seeds = 200;
    for (int seed = 0; seed < seeds; seed++) {
      List<Mix.Source> sources = List.of(new Mix.Source(task, 0.9), new Mix.Source(general, 0.1));
      var unused = Mix.run(of(sources, OptionalLong.of(20), seed));
      List<String> rows = Files.readAllLines(output);
      sum += rows.indexOf(rows.stream().filter(r -> r.contains("general")).findFirst().get());
    }
    // The first of two among twenty places stands on average at 6, with a deviation of 4.5.
    assertThat(sum / seeds)
        .isBetween(6 - 4 * 4.5 / Math.sqrt(seeds), 6 + 4 * 4.5 / Math.sqrt(seeds));
  }

  @Test
  void mix_otherSeed_otherRowsAndOrder() throws IOException {
    List<Mix.Source> sources = List.of(new Mix.Source(task, 0.9), new Mix.Source(general, 0.1));
    var unused = Mix.run(of(sources, OptionalLong.of(50), 1));
    List<String> first = Files.readAllLines(output);
    unused = Mix.run(of(sources, OptionalLong.of(50), 2));
    assertThat(Files.readAllLines(output)).isNotEqualTo(first);
    assertThat(counts(Files.readAllLines(output))).isNotEqualTo(counts(first));
  }

  @Test
  void mix_outputThatIsASource_isRefusedAndStays() throws IOException {
    output = task;
    List<Mix.Source> sources = List.of(new Mix.Source(task, 0.9), new Mix.Source(general, 0.1));
    assertThatThrownBy(() -> Mix.run(of(sources, OptionalLong.empty(), 1)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(task + ": is what is read");
    assertThat(Files.readAllLines(task)).hasSize(90);
  }

  @Test
  void mix_outputThatCannotBe_isRefused() {
    output = task.resolve("below-a-file.jsonl");
    List<Mix.Source> sources = List.of(new Mix.Source(general, 1));
    assertThatThrownBy(() -> Mix.run(of(sources, OptionalLong.empty(), 1)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(output + ": cannot be written");
    output = folder;
    assertThatThrownBy(() -> Mix.run(of(sources, OptionalLong.empty(), 1)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is a folder");
  }

  @Test
  void mix_sumsThatOnlyDifferBySign_areNotTheSame() throws IOException {
    Files.writeString(task, "{\"text\": \"2 + 2\"}\n");
    Files.writeString(general, "{\"text\": \"2 - 2\"}\n");
    List<Mix.Source> sources = List.of(new Mix.Source(task, 1), new Mix.Source(general, 1));
    assertThat(Mix.run(of(sources, OptionalLong.empty(), 1)).repeated()).isZero();
  }
}
