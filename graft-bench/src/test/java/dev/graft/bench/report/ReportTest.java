package dev.graft.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {
  @Test
  void statistics_oddAndEvenCounts_haveTheirMedian() {
    assertThat(Statistics.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Statistics(2, 1, 3));
    assertThat(Statistics.of(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(new Statistics(2.5, 1, 4));
  }

  @Test
  void statistics_nothingOrNoNumber_isRefused() {
    assertThatThrownBy(() -> Statistics.of(List.of())).hasMessageContaining("no median");
    assertThatThrownBy(() -> Statistics.of(List.of(1.0, Double.NaN)))
        .hasMessageContaining("no median");
  }

  @Test
  void markdown_rows_lineUp() {
    String table = new Markdown("side", "rate").row("graft", "1,000").row("a|b", "7").toString();

    assertThat(table)
        .isEqualTo(
            """
            | side  |  rate |
            | ----- | ----: |
            | graft | 1,000 |
            | a\\|b  |     7 |
            """);
  }

  @Test
  void markdown_wrongNumberOfCells_isRefused() {
    assertThatThrownBy(() -> new Markdown("a", "b").row("1"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void number_anyLocale_isWrittenTheSame() {
    assertThat(Markdown.number(12345.678, 1)).isEqualTo("12,345.7");
    assertThat(Markdown.number(Double.NaN, 1)).isEqualTo("–");
    assertThat(Markdown.mebibytes(3 << 20)).isEqualTo("3");
  }

  @Test
  void machine_cpuinfo_namesProcessorAndFeatures() {
    Machine machine =
        Machine.of(
            List.of(
                "processor\t: 0",
                "model name\t: Some CPU @ 2GHz",
                "flags\t\t: fpu avx2 amx_bf16 avx512f"),
            List.of("1.25 0.80 0.40 2/300 4242"));

    assertThat(machine.line())
        .startsWith("Some CPU @ 2GHz (amx_bf16, avx512f, avx2), ")
        .contains("load 1.25 at the start");
  }

  @Test
  void machine_elsewhere_saysWhatItKnows() {
    assertThat(Machine.of(List.of(), List.of()).line()).contains("features unknown", "core");
  }

  @Test
  void reportFiles_write_leavesBothAndNothingElse(@TempDir Path folder) throws Exception {
    ReportFiles.write(folder, "train", "# Page\n", Map.of("ratio", new Statistics(2, 1, 3)));

    assertThat(folder.resolve("train.md")).hasContent("# Page");
    assertThat(new JsonMapper().readTree(Files.readString(folder.resolve("train.json"))))
        .hasToString("{\"ratio\":{\"median\":2.0,\"min\":1.0,\"max\":3.0}}");
    assertThat(folder).isDirectoryNotContaining(file -> file.toString().endsWith(".tmp"));
  }
}
