package dev.graft.data.arrange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.data.RowOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubsetsTest {
  @TempDir private Path folder;

  private Subsets subsets(int rows) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      lines.add("{\"prompt\": \"p" + i + "\",  \"completion\": \"c\"}");
    }
    Path file = Files.write(folder.resolve("rows.jsonl"), lines);
    return Subsets.read(file, RowOptions.DEFAULT);
  }

  private List<String> sample(Subsets subsets, long seed, int size) throws IOException {
    Path file = folder.resolve("sample-" + seed + "-" + size + ".jsonl");
    subsets.write(file, seed, size);
    return Files.readAllLines(file);
  }

  @Test
  void write_smallerSizes_lieWithinLarger() throws IOException {
    Subsets subsets = subsets(50);
    List<String> small = sample(subsets, 3, 10);
    List<String> large = sample(subsets, 3, 40);
    assertThat(small).hasSize(10).doesNotHaveDuplicates();
    assertThat(large).hasSize(40).doesNotHaveDuplicates().startsWith(small.toArray(String[]::new));
    assertThat(sample(subsets, 3, 50))
        .containsExactlyInAnyOrderElementsOf(Files.readAllLines(folder.resolve("rows.jsonl")));
  }

  @Test
  void write_otherSeed_drawsOthers() throws IOException {
    Subsets subsets = subsets(50);
    assertThat(sample(subsets, 1, 10)).isNotEqualTo(sample(subsets, 2, 10));
    assertThat(sample(subsets, 1, 10)).isEqualTo(sample(subsets(50), 1, 10));
  }

  @Test
  void read_noRows_isRefused() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.jsonl"));
    assertThatThrownBy(() -> Subsets.read(empty, RowOptions.DEFAULT))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is empty");
  }
}
