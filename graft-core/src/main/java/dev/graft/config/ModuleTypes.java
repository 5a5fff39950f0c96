package dev.graft.config;

import dev.graft.InputException;
import dev.graft.adapter.TargetModules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Types of options that choose modules of the model. */
final class ModuleTypes {
  private static final int MOST = 1000;
  private static final int LONGEST = 1000;

  private ModuleTypes() {}

  /** {@code all-linear}, names, or a regular expression; see {@link TargetModules}. */
  static final class Targets extends OptionType<TargetModules> {
    @Override
    TargetModules read(YamlValue value) throws BadValueException {
      return switch (value) {
        case YamlValue.Scalar scalar -> parse(scalar.text());
        case YamlValue.Sequence sequence -> new TargetModules.Named(names(sequence));
        case YamlValue.Mapping mapping ->
            throw new BadValueException("must be " + allowed() + ", not a mapping");
      };
    }

    private TargetModules parse(String text) throws BadValueException {
      if (text.isBlank() || text.length() > LONGEST) {
        throw refused(text);
      }
      try {
        TargetModules targets = TargetModules.parse(text);
        if (targets instanceof TargetModules.Named named && named.names().isEmpty()) {
          throw refused(text);
        }
        return targets;
      } catch (InputException e) {
        throw refused(text);
      }
    }

    private List<String> names(YamlValue.Sequence sequence) throws BadValueException {
      List<String> names = new ArrayList<>();
      for (YamlValue item : sequence.items()) {
        String name = text(item);
        if (name.isBlank() || name.length() > LONGEST) {
          throw refused(name);
        }
        names.add(name);
      }
      if (names.isEmpty() || names.size() > MOST) {
        throw new BadValueException("must be " + allowed() + ", not " + names.size() + " names");
      }
      return List.copyOf(names);
    }

    @Override
    Object toJson(TargetModules value) {
      return switch (value) {
        case TargetModules.AllLinear all -> "all-linear";
        case TargetModules.Named named -> named.names();
        case TargetModules.Matching matching -> matching.pattern().pattern();
      };
    }

    @Override
    Map<String, Object> schema() {
      Map<String, Object> string = Map.of("type", "string");
      Map<String, Object> list = new LinkedHashMap<>();
      list.put("type", "array");
      list.put("items", string);
      list.put("minItems", 1);
      return new LinkedHashMap<>(Map.of("anyOf", List.of(string, list)));
    }

    @Override
    public String allowed() {
      return "all-linear, a list of module names, or a regular expression";
    }

    @Override
    public String label() {
      return "all-linear|NAME,…|REGEX";
    }
  }

  /**
   * Values for the modules that a key matches, the key a name or regular expression; on the command
   * line {@code q_proj=8,v_proj=16}.
   */
  static final class ByModule<V> extends OptionType<Map<String, V>> {
    private final OptionType<V> type;

    ByModule(OptionType<V> type) {
      this.type = type;
    }

    @Override
    Map<String, V> read(YamlValue value) throws BadValueException {
      Map<String, V> values = new LinkedHashMap<>();
      switch (value) {
        case YamlValue.Mapping mapping -> {
          for (YamlValue.Entry entry : mapping.entries()) {
            put(values, entry.key().text(), entry.value());
          }
        }
        case YamlValue.Scalar scalar -> {
          for (String part : scalar.text().isBlank() ? new String[0] : scalar.text().split(",")) {
            int equals = part.lastIndexOf('=');
            if (equals < 0) {
              throw refused(scalar.text());
            }
            String text = part.substring(equals + 1).strip();
            put(values, part.substring(0, equals).strip(), YamlValue.Scalar.given(text));
          }
        }
        case YamlValue.Sequence sequence ->
            throw new BadValueException("must be " + allowed() + ", not a list");
      }
      return Collections.unmodifiableMap(values);
    }

    private void put(Map<String, V> values, String key, YamlValue value) throws BadValueException {
      if (key.isBlank() || key.length() > LONGEST || values.size() >= MOST || !isRegex(key)) {
        throw new BadValueException(
            "has the key " + Shown.quoted(key) + ", which is no module name");
      }
      try {
        if (values.put(key, type.read(value)) != null) {
          throw new BadValueException("has the key " + Shown.quoted(key) + " twice");
        }
      } catch (BadValueException e) {
        throw new BadValueException("for " + Shown.quoted(key) + " " + e.what());
      }
    }

    private static boolean isRegex(String text) {
      try {
        var _ = Pattern.compile(text);
        return true;
      } catch (PatternSyntaxException | StackOverflowError e) {
        return false;
      }
    }

    @Override
    Object toJson(Map<String, V> value) {
      Map<String, Object> json = new LinkedHashMap<>();
      value.forEach((key, item) -> json.put(key, type.toJson(item)));
      return json;
    }

    @Override
    Map<String, Object> schema() {
      Map<String, Object> schema = new LinkedHashMap<>();
      schema.put("type", "object");
      schema.put("additionalProperties", type.schema());
      return schema;
    }

    @Override
    public String allowed() {
      return "module names with " + type.allowed() + " each";
    }

    @Override
    public String label() {
      return "NAME=" + type.label() + ",…";
    }
  }
}
