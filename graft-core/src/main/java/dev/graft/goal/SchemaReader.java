package dev.graft.goal;

import dev.graft.InputException;
import dev.graft.config.Shown;
import dev.graft.config.YamlValue;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads a JSON Schema: YAML in the goal file, JSON in a text of it, or a file beside it. */
final class SchemaReader {
  private static final int LARGEST_FILE = 1 << 20;

  private SchemaReader() {}

  static Check read(YamlValue value, GoalYaml yaml) {
    try {
      if (value instanceof YamlValue.Scalar scalar && !scalar.text().strip().startsWith("{")) {
        return fromFile(yaml.shortText(value, "json-schema"), value, yaml);
      }
      if (value instanceof YamlValue.Scalar scalar) {
        return SchemaCheck.of(AnswerJson.read(scalar.text()), "the schema");
      }
      return SchemaCheck.of(AnswerJson.tree(tree(value)), "the schema");
    } catch (IllegalArgumentException e) {
      throw yaml.wrong(value, "json-schema " + GoalYaml.oneLine(e));
    } catch (JacksonException e) {
      throw yaml.wrong(value, "json-schema is not JSON: " + first(e));
    }
  }

  private static Check fromFile(String name, YamlValue value, GoalYaml yaml) {
    Path file;
    try {
      file = yaml.file().resolveSibling(name);
    } catch (InvalidPathException e) {
      throw yaml.wrong(value, "json-schema " + Shown.quoted(name) + " is no path of a file");
    }
    try {
      JsonNode tree = AnswerJson.read(content(file));
      return SchemaCheck.of(tree, name);
    } catch (JacksonException e) {
      throw InputException.in(file, "is not JSON: " + first(e), e);
    } catch (IllegalArgumentException e) {
      throw InputException.in(file, GoalYaml.oneLine(e), e);
    }
  }

  private static String content(Path file) {
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] bytes = stream.readNBytes(LARGEST_FILE + 1);
      if (bytes.length > LARGEST_FILE) {
        throw InputException.in(file, "is larger than 1 MiB; a schema is small");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw InputException.in(file, "is not text in UTF-8", e);
    } catch (NoSuchFileException e) {
      throw InputException.in(file, "no such file (schemas lie relative to the goal file)", e);
    } catch (IOException e) {
      throw InputException.in(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  private static String first(JacksonException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("");
  }

  /** YAML of a depth that its reader bounds, with plain scalars as YAML's core schema has them. */
  private static @Nullable Object tree(YamlValue value) {
    return switch (value) {
      case YamlValue.Mapping mapping -> {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        mapping.entries().forEach(entry -> tree.put(entry.key().text(), tree(entry.value())));
        yield tree;
      }
      case YamlValue.Sequence sequence -> {
        List<@Nullable Object> tree = new ArrayList<>();
        sequence.items().forEach(item -> tree.add(tree(item)));
        yield tree;
      }
      case YamlValue.Scalar scalar -> scalar.plain() ? plain(scalar) : scalar.text();
    };
  }

  private static @Nullable Object plain(YamlValue.Scalar scalar) {
    String text = scalar.text();
    if (scalar.isNull()) {
      return null;
    }
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    return text.matches("-?[0-9]{1,18}")
        ? Long.valueOf(text)
        : text.matches("-?[0-9]{1,18}\\.[0-9]{1,18}") ? (Object) new BigDecimal(text) : text;
  }
}
