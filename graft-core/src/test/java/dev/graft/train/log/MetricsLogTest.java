package dev.graft.train.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void path() {
    file = folder.resolve("metrics.jsonl");
  }

  @Test
  void append_row_isOnDiskAtOnceInOrder() throws IOException {
    try (MetricsLog log = MetricsLog.open(file)) {
      log.append(row(1, 2.5));
      assertThat(file).hasContent("{\"step\":1,\"loss\":2.5}\n");
      log.append(row(2, 2.25));
    }
    try (MetricsLog log = MetricsLog.open(file)) {
      log.append(row(3, 2.0));
    }
    assertThat(MetricsLog.read(file)).hasSize(3).last().isEqualTo(Map.of("step", 3, "loss", 2.0));
  }

  @Test
  void append_notFinite_isNull() throws IOException {
    try (MetricsLog log = MetricsLog.open(file)) {
      log.append(Map.of("losses", List.of(Double.NaN, 1.0, Float.POSITIVE_INFINITY)));
    }
    assertThat(file).hasContent("{\"losses\":[null,1.0,null]}\n");
  }

  @Test
  void rewind_laterRowsAndTornLine_areDropped() throws IOException {
    try (MetricsLog log = MetricsLog.open(file)) {
      log.append(Map.of("kind", "start"));
      for (int step = 1; step <= 6; step++) {
        log.append(row(step, 1.0 / step));
      }
    }
    Files.writeString(file, "{\"step\":7,\"lo", StandardOpenOption.APPEND);
    assertThat(MetricsLog.rewind(file, row -> isUpTo(4, row))).hasSize(5);
    try (MetricsLog log = MetricsLog.open(file)) {
      log.append(row(5, 9));
    }
    List<Map<String, Object>> rows = MetricsLog.read(file);
    assertThat(rows).extracting(row -> row.get("step")).containsExactly(null, 1, 2, 3, 4, 5);
    assertThat(rows.getLast()).containsEntry("loss", 9.0);
  }

  @Test
  void rewind_missingFile_isNone() throws IOException {
    assertThat(MetricsLog.rewind(file, row -> true)).isEmpty();
    assertThat(file).doesNotExist();
  }

  @Test
  void rewind_damagedBeforeTheEnd_namesLineAndKeepsFile() throws IOException {
    for (String damage : List.of("{\"step\":", "[1]", "null", "", "[".repeat(5000))) {
      String text = "{\"step\":1}\n" + damage + "\n{\"step\":2}\n";
      Files.writeString(file, text);
      assertThatThrownBy(() -> MetricsLog.rewind(file, row -> true))
          .isInstanceOf(InputException.class)
          .hasMessage(file + ":2: is no JSON object; the file is damaged");
      assertThat(file).hasContent(text);
    }
  }

  private static boolean isUpTo(long step, Map<String, Object> row) {
    return !(row.get(MetricsLog.STEP) instanceof Number at) || at.longValue() <= step;
  }

  private static Map<String, Object> row(long step, double loss) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put(MetricsLog.STEP, step);
    row.put("loss", loss);
    return row;
  }
}
