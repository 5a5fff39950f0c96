package dev.graft.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CellFileTest {
  @TempDir private Path folder;

  private final Cell cell = new Cell(Strategy.parse("--strategies", "lora-r8"), 4, 2);
  private final CellResult result =
      Comparisons.result(cell, new double[] {2.5, 1.0 / 3, 1e-9}, 1.25e9);

  private final CellFile.Place place = new CellFile.Place(result.folder(), result.run());

  @Test
  void read_whatWasWritten_isTheSame() {
    CellFile.write(folder, result);
    CellResult read = CellFile.read(folder, cell, place, 3).orElseThrow();
    assertThat(read).usingRecursiveComparison().isEqualTo(result);
  }

  @Test
  void read_damagedOrOfOtherRows_isNotDone() throws IOException {
    assertThat(CellFile.read(folder, cell, place, 3)).isEmpty();
    CellFile.write(folder, result);
    assertThat(CellFile.read(folder, cell, place, 4)).isEmpty();
    Cell other = new Cell(Strategy.parse("--strategies", "full"), 4, 2);
    assertThat(CellFile.read(folder, other, place, 3)).isEmpty();
    byte[] whole = Files.readAllBytes(CellFile.in(folder));
    for (int length = 0; length < whole.length - 2; length += 7) {
      Files.write(CellFile.in(folder), java.util.Arrays.copyOf(whole, length));
      assertThat(CellFile.read(folder, cell, place, 3)).as("cut at %s", length).isEmpty();
    }
    for (String text : new String[] {"[]", "{}", "null", "{\"cell\": 1}", "12"}) {
      Files.writeString(CellFile.in(folder), text);
      assertThat(CellFile.read(folder, cell, place, 3)).as(text).isEmpty();
    }
  }
}
