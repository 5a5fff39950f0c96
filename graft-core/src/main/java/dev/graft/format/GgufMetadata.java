package dev.graft.format;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Metadata of a GGUF file. Values are {@link Long} (all integer types), {@link Double}, {@link
 * Boolean}, {@link String} or {@link GgufArray}.
 */
public final class GgufMetadata {
  private final Path file;
  private final Map<String, Object> values;

  GgufMetadata(Path file, Map<String, Object> values) {
    this.file = file;
    this.values = Collections.unmodifiableMap(values);
  }

  /** All values in the order of the file. */
  public Map<String, Object> values() {
    return values;
  }

  public boolean contains(String key) {
    return values.containsKey(key);
  }

  /**
   * A string.
   *
   * @throws InputException when the value is of another type
   */
  public Optional<String> string(String key) {
    return find(key, String.class, "a string");
  }

  /**
   * A number, from an integer or a floating value.
   *
   * @throws InputException when the value is of another type or not finite
   */
  public Optional<Double> number(String key) {
    if (values.get(key) instanceof Long integer) {
      return Optional.of(integer.doubleValue());
    }
    Optional<Double> number = find(key, Double.class, "a number");
    if (number.isPresent() && !Double.isFinite(number.get())) {
      throw wrong(key, "must be finite");
    }
    return number;
  }

  public Optional<Boolean> bool(String key) {
    return find(key, Boolean.class, "true or false");
  }

  public Optional<GgufArray> array(String key) {
    return find(key, GgufArray.class, "an array");
  }

  /**
   * An integer from 0 to 2^31-1.
   *
   * @throws InputException when the value is of another type or out of range
   */
  public OptionalInt integer(String key) {
    Optional<Long> value = find(key, Long.class, "an integer");
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    if (value.get() < 0 || value.get() > Integer.MAX_VALUE) {
      throw wrong(key, value.get() + " is out of range");
    }
    return OptionalInt.of(value.get().intValue());
  }

  /** As {@link #integer(String)}, at least 1, and an error when it is missing. */
  public int positive(String key) {
    int value = integer(key).orElseThrow(() -> wrong(key, "is missing"));
    if (value < 1) {
      throw wrong(key, "must be at least 1");
    }
    return value;
  }

  /** Values other than arrays, as text. */
  Map<String, String> scalars() {
    Map<String, String> scalars = new LinkedHashMap<>();
    values.forEach((key, value) -> {
      if (!(value instanceof GgufArray)) {
        scalars.put(key, value.toString());
      }
    });
    return scalars;
  }

  InputException wrong(String key, String what) {
    return InputException.in(file, "metadata " + Text.quote(key) + ": " + what);
  }

  private <T> Optional<T> find(String key, Class<T> type, String expected) {
    @Nullable Object value = values.get(key);
    if (value != null && !type.isInstance(value)) {
      throw wrong(key, "must be " + expected);
    }
    return Optional.ofNullable(type.cast(value));
  }
}
