package dev.graft.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Set {@code GRAFT_REGENERATE=1} to write the pages anew. */
class OptionTextsTest {
  private static final Path DOCS = Path.of("..", "docs");

  @Test
  void jsonSchema_pageInDocs_isTheSame() throws IOException {
    assertInSync(DOCS.resolve("train.schema.json"), OptionTexts.jsonSchema());
  }

  @Test
  void markdown_pageInDocs_isTheSame() throws IOException {
    assertInSync(DOCS.resolve("train-options.md"), OptionTexts.markdown());
  }

  @Test
  @SuppressWarnings("unchecked")
  void jsonSchema_properties_areTheTable() {
    Map<String, Object> schema = new JsonMapper().readValue(OptionTexts.jsonSchema(), Map.class);
    var properties = (Map<String, Map<String, Object>>) schema.get("properties");
    assertThat(properties).hasSameSizeAs(TrainOption.all());
    assertThat(properties.get("rank"))
        .containsEntry("type", "integer")
        .containsEntry("minimum", 1)
        .containsEntry("default", 16);
    assertThat(properties.get("dropout")).containsEntry("exclusiveMaximum", 1);
    assertThat(properties.get("learning-rate")).containsEntry("default", "auto");
    assertThat(properties.get("model")).doesNotContainKey("default");
  }

  @Test
  void all_keys_areKebabCaseAndUnique() {
    var keys = new HashSet<String>();
    for (Option<?> option : TrainOption.all()) {
      assertThat(option.key()).matches("[a-z]+(-[a-z]+)*");
      assertThat(keys.add(option.key())).as(option.key()).isTrue();
      assertThat(option.help()).isNotBlank().doesNotEndWith(".");
    }
    assertThat(keys).hasSizeGreaterThan(30);
  }

  @Test
  void yaml_everyOptionSet_readsBackEqual(@TempDir Path folder) throws IOException {
    TrainOptions options =
        TrainOptions.builder()
            .flag(TrainOption.MODEL, "a model: #1 \"x\" \\ ünï.gguf")
            .flag(TrainOption.DATA, "no")
            .flag(TrainOption.VALID, "007")
            .flag(TrainOption.OUTPUT, "~")
            .flag(TrainOption.DATA_FORMAT, "prompt-completion")
            .flag(TrainOption.DATA_MAP, "prompt=no,completion= #1: \"x\",system-text=Be brief, ok")
            .flag(TrainOption.TARGET_MODULES, ".*\\.(q|v)_proj")
            .flag(TrainOption.RANK_PATTERN, "q_proj=8,layers\\.1\\.v_proj=4")
            .flag(TrainOption.ALPHA_PATTERN, "q_proj=8.5")
            .flag(TrainOption.LEARNING_RATE, "2e-4")
            .flag(TrainOption.SEED, "9223372036854775807")
            .flag(TrainOption.LOSS_ON, "all-assistant")
            .flag(TrainOption.PACKING, "false")
            .flag(TrainOption.PATIENCE, "3")
            .build();
    Path file = folder.resolve("config.yaml");
    Files.writeString(file, OptionTexts.yaml(options));
    assertThat(TrainOptions.builder().file(file).build()).isEqualTo(options);
    assertThat(Files.readString(file)).contains("# Batches\n").contains("learning-rate: 2.0E-4\n");
  }

  private static void assertInSync(Path page, String expected) throws IOException {
    if (System.getenv("GRAFT_REGENERATE") != null) {
      Files.createDirectories(page.getParent());
      Files.writeString(page, expected);
    }
    assertThat(page).as("written with GRAFT_REGENERATE=1").exists();
    assertThat(Files.readString(page).replace("\r\n", "\n")).isEqualTo(expected);
  }
}
