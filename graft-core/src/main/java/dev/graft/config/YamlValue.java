package dev.graft.config;

import java.util.List;

/** A YAML value as written, before an option's type gives it a meaning; lines count from one. */
public sealed interface YamlValue {
  int line();

  /**
   * Text between or without quotes.
   *
   * @param plain whether it stands without quotes, so that it may mean null
   */
  record Scalar(String text, boolean plain, int line) implements YamlValue {
    /** A value given on the command line. */
    public static Scalar given(String text) {
      return new Scalar(text, false, 0);
    }

    /** Null in YAML's core schema: nothing, {@code ~} or {@code null}. */
    public boolean isNull() {
      return plain
          && switch (text) {
            case "", "~", "null", "Null", "NULL" -> true;
            default -> false;
          };
    }
  }

  record Sequence(List<YamlValue> items, int line) implements YamlValue {}

  record Mapping(List<Entry> entries, int line) implements YamlValue {}

  record Entry(Scalar key, YamlValue value) {}

  /** What kind of value this is, for messages. */
  default String kind() {
    return switch (this) {
      case Scalar scalar -> scalar.isNull() ? "nothing" : Shown.quoted(scalar.text());
      case Sequence sequence -> "a list";
      case Mapping mapping -> "a mapping";
    };
  }
}
