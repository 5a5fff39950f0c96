package dev.graft.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Types of options that are one word. */
final class WordTypes {
  private WordTypes() {}

  /** A file or folder. */
  static final class FilePath extends OptionType<Path> {
    @Override
    Path read(YamlValue value) throws BadValueException {
      String text = text(value);
      if (text.isBlank()) {
        throw refused(text);
      }
      try {
        return Path.of(text);
      } catch (InvalidPathException e) {
        throw refused(text);
      }
    }

    @Override
    Object toJson(Path value) {
      return value.toString();
    }

    @Override
    Map<String, Object> schema() {
      return new LinkedHashMap<>(Map.of("type", "string"));
    }

    @Override
    public String allowed() {
      return "the path of a file or folder";
    }

    @Override
    public String label() {
      return "PATH";
    }
  }

  /** {@code true} or {@code false}. */
  static final class Switch extends OptionType<Boolean> {
    @Override
    Boolean read(YamlValue value) throws BadValueException {
      String text = text(value);
      return switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> throw refused(text);
      };
    }

    @Override
    Object toJson(Boolean value) {
      return value;
    }

    @Override
    Map<String, Object> schema() {
      return new LinkedHashMap<>(Map.of("type", "boolean"));
    }

    @Override
    public String allowed() {
      return "true or false";
    }

    @Override
    public boolean isSwitch() {
      return true;
    }

    @Override
    public String label() {
      return "true|false";
    }
  }

  /** One of the constants of an enum, in lower case with {@code -} for {@code _}. */
  static final class Choice<E extends Enum<E>> extends OptionType<E> {
    private final Map<String, E> choices = new LinkedHashMap<>();

    Choice(Class<E> type) {
      for (E constant : type.getEnumConstants()) {
        choices.put(word(constant), constant);
      }
    }

    private static String word(Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    E read(YamlValue value) throws BadValueException {
      String text = text(value);
      E found = choices.get(text);
      if (found == null) {
        throw refused(text);
      }
      return found;
    }

    @Override
    Object toJson(E value) {
      return word(value);
    }

    @Override
    Map<String, Object> schema() {
      return new LinkedHashMap<>(Map.of("enum", choices.keySet()));
    }

    @Override
    public String allowed() {
      return choices.size() == 2
          ? String.join(" or ", choices.keySet())
          : "one of " + String.join(", ", choices.keySet());
    }

    @Override
    public String label() {
      return String.join("|", choices.keySet());
    }
  }
}
