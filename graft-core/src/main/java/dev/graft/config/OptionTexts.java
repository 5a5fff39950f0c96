package dev.graft.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is written from the table of options: YAML, JSON schema and the page of the documentation.
 */
public final class OptionTexts {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private OptionTexts() {}

  /** The options as a YAML file that reads back as the same options. */
  public static String yaml(TrainOptions options) {
    Map<String, Object> values = options.toJson();
    StringBuilder yaml = new StringBuilder();
    OptionGroup group = null;
    for (Option<?> option : TrainOption.all()) {
      Object value = values.get(option.key());
      if (value == null) {
        continue;
      }
      if (option.group() != group) {
        group = option.group();
        yaml.append(yaml.isEmpty() ? "# " : "\n# ").append(group.title()).append('\n');
      }
      // JSON is YAML, and its strings are quoted: nothing in them can be taken for something else.
      yaml.append(option.key()).append(": ").append(JSON.writeValueAsString(value)).append('\n');
    }
    return yaml.toString();
  }

  /** JSON schema (draft 2020-12) of a YAML file of options, for editors. */
  public static String jsonSchema() {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (Option<?> option : TrainOption.all()) {
      properties.put(option.key(), property(option));
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Options of graft train");
    schema.put("type", "object");
    schema.put("additionalProperties", false);
    schema.put("properties", properties);
    return JSON.rebuild()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build()
            .writeValueAsString(schema)
            .replace("\r\n", "\n")
        + "\n";
  }

  private static <T> Map<String, Object> property(Option<T> option) {
    Map<String, Object> property = new LinkedHashMap<>();
    property.put("description", option.help());
    property.putAll(option.type().schema());
    Object initial = option.initialJson();
    if (initial != null) {
      property.put("default", initial);
    }
    return property;
  }

  /** Markdown tables of all options, one for each group. */
  public static String markdown() {
    List<String> lines = new ArrayList<>();
    lines.add("# Options of `graft train`");
    lines.add("");
    lines.add("Each is a flag (`--rank 16`) and a key of a YAML file (`rank: 16`); flags win over");
    lines.add("the file, the file over the defaults. Relative paths are relative to the working");
    lines.add("directory. This page is written from the table in `TrainOption.java`.");
    OptionGroup group = null;
    for (Option<?> option : TrainOption.all()) {
      if (option.group() != group) {
        group = option.group();
        lines.addAll(List.of("", "## " + group.title(), ""));
        lines.addAll(
            List.of("| option | default | value | meaning |", "| --- | --- | --- | --- |"));
      }
      String cells =
          String.join(
              " | ",
              "`" + option.key() + "`",
              option.initialText().isEmpty() ? "" : "`" + option.initialText() + "`",
              option.type().allowed(),
              option.help());
      lines.add("| " + cells + " |");
    }
    return String.join("\n", lines) + "\n";
  }
}
