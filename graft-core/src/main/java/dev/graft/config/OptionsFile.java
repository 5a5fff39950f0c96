package dev.graft.config;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a YAML file of options. */
final class OptionsFile {
  private OptionsFile() {}

  /** Values by option; a key without a value (null) is left at its default. */
  static Map<Option<?>, Object> read(Path file) {
    return values(file, YamlReader.read(file));
  }

  static Map<Option<?>, Object> values(Path file, YamlValue.Mapping mapping) {
    Map<Option<?>, Object> values = new LinkedHashMap<>();
    for (YamlValue.Entry entry : mapping.entries()) {
      String key = entry.key().text();
      Option<?> option =
          TrainOption.find(key)
              .orElseThrow(() ->
                  InputException.at(
                      file,
                      entry.key().line(),
                      "unknown key " + Shown.quoted(key) + TrainOption.hint(key)));
      if (!(entry.value() instanceof YamlValue.Scalar scalar && scalar.isNull())) {
        values.put(option, value(file, option, entry.value()));
      }
    }
    return values;
  }

  private static <T> T value(Path file, Option<T> option, YamlValue value) {
    try {
      return option.type().read(value);
    } catch (BadValueException e) {
      throw InputException.at(file, value.line(), option.key() + ": " + e.what());
    }
  }
}
