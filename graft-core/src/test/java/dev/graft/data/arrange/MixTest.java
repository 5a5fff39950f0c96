package dev.graft.data.arrange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
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
    return new Mix.Request(output, sources, rows, 3, repeat, false);
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
        .hasMessageStartingWith(general + ":1: is of another kind than the rows of " + task);
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
}
