package dev.graft.config;

import java.util.Map;

/** Which values an option takes, and how they are read and written. */
public abstract class OptionType<T> {
  OptionType() {}

  /** The value meant by what a file or the command line says. */
  abstract T read(YamlValue value) throws BadValueException;

  /** The value as a tree of JSON: strings, numbers, booleans, lists and maps. */
  abstract Object toJson(T value);

  /** Its JSON schema, without description and default. */
  abstract Map<String, Object> schema();

  /** What is allowed, to follow "must be". */
  public abstract String allowed();

  /** Short name of a value for {@code --help}, as in {@code N}. */
  public abstract String label();

  /** Whether the bare flag, without a value, means {@code true}. */
  public boolean isSwitch() {
    return false;
  }

  /** Reads a value given on the command line. */
  final T readText(String text) throws BadValueException {
    return read(YamlValue.Scalar.given(text));
  }

  /** The text of a scalar; anything else is not allowed. */
  final String text(YamlValue value) throws BadValueException {
    if (value instanceof YamlValue.Scalar scalar) {
      return scalar.text();
    }
    throw new BadValueException("must be " + allowed() + ", not " + value.kind());
  }

  final BadValueException refused(String found) {
    return BadValueException.mustBe(allowed(), found);
  }
}
