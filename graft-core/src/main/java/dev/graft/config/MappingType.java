package dev.graft.config;

import dev.graft.data.RowMapping;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code prompt=question,completion=answer}, the same as a mapping in YAML, or a file of it. */
final class MappingType extends OptionType<RowMapping> {
  private static final int LONGEST = 100_000;

  @Override
  RowMapping read(YamlValue value) throws BadValueException {
    Map<String, String> names = new LinkedHashMap<>();
    switch (value) {
      case YamlValue.Mapping mapping -> {
        for (YamlValue.Entry entry : mapping.entries()) {
          put(names, entry.key().text(), text(entry.value()));
        }
      }
      case YamlValue.Scalar scalar when scalar.text().indexOf('=') < 0 -> {
        if (!scalar.text().matches("(?i).+\\.ya?ml")) {
          throw refused(scalar.text());
        }
        return read(YamlReader.read(Path.of(scalar.text())));
      }
      case YamlValue.Scalar scalar -> {
        for (String pair : pairs(scalar.text())) {
          int equals = pair.indexOf('=');
          put(names, pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
        }
      }
      case YamlValue.Sequence sequence ->
          throw new BadValueException("must be " + allowed() + ", not a list");
    }
    return new RowMapping(names);
  }

  /** A comma parts only where a name and an equals sign follow, for a system text may hold some. */
  private static List<String> pairs(String text) throws BadValueException {
    List<String> pairs = new ArrayList<>();
    for (String pair : text.split(",(?=\\s*[a-z-]+\\s*=)", -1)) {
      if (pair.indexOf('=') < 0) {
        throw BadValueException.mustBe("NAME=THEIRS, …", pair);
      }
      pairs.add(pair);
    }
    return pairs;
  }

  private static void put(Map<String, String> names, String name, String theirs)
      throws BadValueException {
    if (!RowMapping.NAMES.contains(name)) {
      throw new BadValueException(
          "maps "
              + Shown.quoted(name)
              + ", which is none of "
              + String.join(", ", RowMapping.NAMES)
              + Nearest.hint(name, RowMapping.NAMES));
    }
    if (theirs.isBlank() || theirs.length() > LONGEST) {
      throw new BadValueException("maps " + Shown.quoted(name) + " to nothing");
    }
    if (names.put(name, theirs) != null) {
      throw new BadValueException("maps " + Shown.quoted(name) + " twice");
    }
  }

  @Override
  Object toJson(RowMapping value) {
    return new LinkedHashMap<>(value.names());
  }

  @Override
  Map<String, Object> schema() {
    Map<String, Object> string = Map.of("type", "string");
    Map<String, Object> properties = new LinkedHashMap<>();
    RowMapping.NAMES.forEach(name -> properties.put(name, string));
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("type", "object");
    object.put("properties", properties);
    object.put("additionalProperties", false);
    return new LinkedHashMap<>(Map.of("anyOf", List.of(string, object)));
  }

  @Override
  public String allowed() {
    return "names with what the examples call them, as in prompt=question, or a YAML file of these";
  }

  @Override
  public String label() {
    return "NAME=THEIRS,…|FILE";
  }
}
