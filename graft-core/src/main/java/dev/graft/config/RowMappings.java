package dev.graft.config;

import dev.graft.InputException;
import dev.graft.data.RowMapping;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads mappings of keys and roles from the command line and from YAML files. */
public final class RowMappings {
  private RowMappings() {}

  /**
   * The mapping that a flag given any number of times stands for.
   *
   * @param flag for messages, as in {@code --map}
   * @param values each pairs as in {@code prompt=question}, or the name of a YAML file of pairs
   * @throws InputException where one is wrong, or a name is mapped twice
   */
  public static RowMapping parse(String flag, List<String> values) {
    Map<String, String> names = new LinkedHashMap<>();
    try {
      for (String value : values) {
        for (Map.Entry<String, String> name :
            new MappingType().readText(value).names().entrySet()) {
          if (names.put(name.getKey(), name.getValue()) != null) {
            throw new BadValueException("maps " + Shown.quoted(name.getKey()) + " twice");
          }
        }
      }
    } catch (BadValueException e) {
      throw new InputException(flag + ": " + e.what(), e);
    }
    return new RowMapping(names);
  }
}
