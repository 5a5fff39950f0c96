package dev.graft.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.data.DataFormat;
import dev.graft.data.RowMapping;
import dev.graft.data.RowOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowMappingsTest {
  @TempDir private Path folder;

  @Test
  void parse_pairsOrFile_isTheSame() throws IOException {
    Path file = folder.resolve("map.yaml");
    Files.writeString(file, "prompt: question\ncompletion: answer\nsystem-text: 'Be brief, ok'\n");
    RowMapping expected =
        new RowMapping(
            Map.of("prompt", "question", "completion", "answer", "system-text", "Be brief, ok"));
    String pairs = "prompt=question, completion=answer,system-text=Be brief, ok";
    assertThat(RowMappings.parse("--map", List.of(pairs))).isEqualTo(expected);
    assertThat(RowMappings.parse("--map", List.of(pairs.split(",(?=[ cs][cy])"))))
        .isEqualTo(expected);
    assertThat(RowMappings.parse("--map", List.of(file.toString()))).isEqualTo(expected);
    assertThat(RowMappings.parse("--map", List.of())).isEqualTo(RowMapping.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "promt=x # --map: maps 'promt', which is none of",
        "promt=x # did you mean 'prompt'?",
        "prompt= # --map: maps 'prompt' to nothing",
        "prompt=a,prompt=b # --map: maps 'prompt' twice",
        "prompt # --map: must be names with",
        "gone.yaml # gone.yaml: no such file",
      })
  void parse_wrong_isRefused(String value, String what) {
    assertThatThrownBy(() -> RowMappings.parse("--map", List.of(value)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(what);
  }

  @Test
  void trainOptions_fileOfARun_holdsTheMapping() throws IOException {
    Path file = folder.resolve("run.yaml");
    Files.writeString(
        file, "model: m\ndata: d\ndata-format: alpaca\ndata-map:\n  instruction: q\n  output: a\n");
    assertThat(TrainOptions.builder().file(file).build().rows())
        .isEqualTo(
            new RowOptions(
                Optional.of(DataFormat.ALPACA),
                new RowMapping(Map.of("instruction", "q", "output", "a"))));
    Files.writeString(file, "model: m\ndata: d\ndata-map:\n  promt: q\n");
    assertThatThrownBy(() -> TrainOptions.builder().file(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("run.yaml:4: data-map: maps 'promt'");
  }

  @Test
  void trainOptions_fileOfTheDocumentation_isUnderstood() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "data.md"));
    String yaml = page.substring(page.indexOf("```yaml\nmodel:") + 8);
    Path file = folder.resolve("run.yaml");
    Files.writeString(file, yaml.substring(0, yaml.indexOf("```")));
    RowMapping mapping = TrainOptions.builder().file(file).build().rows().mapping();
    assertThat(mapping.names()).containsOnlyKeys("instruction", "output", "system-text");
    for (String name : RowMapping.NAMES) {
      assertThat(page).contains("`" + name + "`");
    }
  }
}
