package dev.graft.format;

import dev.graft.InputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON object from a file, such as {@code config.json}, read by key with checks.
 *
 * <p>A key with the value {@code null} counts as missing. All getters throw {@link InputException}
 * {@code FILE: key "x": …} when a value has another type or lies out of range, and those without a
 * fallback when it is missing.
 */
public final class Config {
  private static final int MAX_BYTES = 10 << 20;

  private final Path file;
  private final String prefix;
  private final ObjectNode json;

  private Config(Path file, String prefix, ObjectNode json) {
    this.file = file;
    this.prefix = prefix;
    this.json = json;
  }

  /**
   * Reads a file of at most 10 MiB that holds one JSON object.
   *
   * @throws InputException {@code FILE: …} when it cannot be read or is something else
   */
  public static Config read(Path file) {
    return of(file, Json.readObject(file, MAX_BYTES));
  }

  /**
   * Reads a text that came from {@code file} and must be one JSON object.
   *
   * @throws InputException {@code FILE: …} when it is something else
   */
  public static Config parse(Path file, String text) {
    return of(file, Json.parseObject(file, text.getBytes(StandardCharsets.UTF_8)));
  }

  /** An object that came from {@code file}. */
  public static Config of(Path file, ObjectNode json) {
    return new Config(file, "", json);
  }

  /** The file named in errors. */
  public Path file() {
    return file;
  }

  /** The whole object; a copy. */
  public ObjectNode json() {
    return json.deepCopy();
  }

  /** Whether the key is there and not null. */
  public boolean has(String key) {
    return find(key) != null;
  }

  /** Any integer of 32 bits. */
  public int intAt(String key) {
    return intAt(key, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** An integer from {@code min} to {@code max}, both included. */
  public int intAt(String key, int min, int max) {
    return optionalInt(key, min, max).orElseThrow(() -> wrong(key, "is missing"));
  }

  /** An integer from {@code min} to {@code max}; {@code fallback} when missing. */
  public int intOr(String key, int fallback, int min, int max) {
    return optionalInt(key, min, max).orElse(fallback);
  }

  /** Any integer of 32 bits; {@code fallback} when missing. */
  public int intOr(String key, int fallback) {
    return intOr(key, fallback, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** An integer from {@code min} to {@code max}; empty when missing. */
  public OptionalInt optionalInt(String key, int min, int max) {
    JsonNode node = find(key);
    return node == null ? OptionalInt.empty() : OptionalInt.of(integer(key, node, min, max));
  }

  /** An integer of 64 bits from 0 to {@code max}. */
  public long longAt(String key, long max) {
    JsonNode node = find(key);
    if (node == null) {
      throw wrong(key, "is missing");
    }
    if (!node.isIntegralNumber()) {
      throw wrong(key, "must be an integer");
    }
    if (!node.canConvertToLong() || node.longValue() < 0 || node.longValue() > max) {
      throw wrong(key, Text.cut(node.asString()) + " is not from 0 to " + max);
    }
    return node.longValue();
  }

  /** A finite number. */
  public double doubleAt(String key) {
    JsonNode node = find(key);
    if (node == null) {
      throw wrong(key, "is missing");
    }
    return number(key, node);
  }

  /** A finite number; {@code fallback} when missing. */
  public double doubleOr(String key, double fallback) {
    return has(key) ? doubleAt(key) : fallback;
  }

  /** A finite number above zero; {@code fallback} when missing. */
  public double positiveOr(String key, double fallback) {
    double value = doubleOr(key, fallback);
    if (value <= 0) {
      throw wrong(key, "must be above 0, not " + value);
    }
    return value;
  }

  /** {@code true} or {@code false}; {@code fallback} when missing. */
  public boolean boolOr(String key, boolean fallback) {
    JsonNode node = find(key);
    if (node != null && !node.isBoolean()) {
      throw wrong(key, "must be true or false");
    }
    return node == null ? fallback : node.booleanValue();
  }

  public String stringAt(String key) {
    return string(key).orElseThrow(() -> wrong(key, "is missing"));
  }

  public String stringOr(String key, String fallback) {
    return string(key).orElse(fallback);
  }

  /** A string; empty when missing. */
  public Optional<String> string(String key) {
    JsonNode node = find(key);
    if (node != null && !node.isString()) {
      throw wrong(key, "must be a string");
    }
    return Optional.ofNullable(node).map(JsonNode::stringValue);
  }

  /** Integers from 0 up, as one number or as an array (as {@code eos_token_id} is). */
  public List<Integer> ints(String key) {
    List<Integer> values = new ArrayList<>();
    for (JsonNode node : list(key)) {
      values.add(integer(key, node, 0, Integer.MAX_VALUE));
    }
    return values;
  }

  /** Finite numbers, as one number or as an array; empty when missing. */
  public List<Double> doubles(String key) {
    List<Double> values = new ArrayList<>();
    for (JsonNode node : list(key)) {
      values.add(number(key, node));
    }
    return values;
  }

  /** Strings, as one string or as an array; empty when missing. */
  public List<String> strings(String key) {
    List<String> values = new ArrayList<>();
    for (JsonNode node : list(key)) {
      if (!node.isString()) {
        throw wrong(key, "must be a string or an array of strings");
      }
      values.add(node.stringValue());
    }
    return values;
  }

  /** A nested object, whose errors name the whole path of a key; empty when missing. */
  public Optional<Config> object(String key) {
    JsonNode node = find(key);
    if (node == null) {
      return Optional.empty();
    }
    if (node instanceof ObjectNode object) {
      return Optional.of(new Config(file, prefix + key + ".", object));
    }
    throw wrong(key, "must be an object");
  }

  /** The objects of an array, whose errors name their place; empty when missing. */
  public List<Config> objects(String key) {
    JsonNode node = find(key);
    if (node != null && !node.isArray()) {
      throw wrong(key, "must be an array");
    }
    List<Config> objects = new ArrayList<>();
    for (JsonNode item : list(key)) {
      String place = key + "[" + objects.size() + "]";
      if (!(item instanceof ObjectNode object)) {
        throw wrong(place, "must be an object");
      }
      objects.add(new Config(file, prefix + place + ".", object));
    }
    return objects;
  }

  /** The error for a value of {@code key} that breaks a rule of the caller's. */
  public InputException wrong(String key, String what) {
    return InputException.in(file, "key " + Text.quote(prefix + key) + ": " + what);
  }

  private @Nullable JsonNode find(String key) {
    JsonNode node = json.get(key);
    return node == null || node.isNull() ? null : node;
  }

  private List<JsonNode> list(String key) {
    JsonNode node = find(key);
    if (node == null) {
      return List.of();
    }
    return node.isArray() ? List.copyOf(node.asArray().values()) : List.of(node);
  }

  private int integer(String key, JsonNode node, int min, int max) {
    if (!node.isIntegralNumber()) {
      throw wrong(key, "must be an integer");
    }
    if (!node.canConvertToInt() || node.intValue() < min || node.intValue() > max) {
      throw wrong(key, Text.cut(node.asString()) + " is not from " + min + " to " + max);
    }
    return node.intValue();
  }

  private double number(String key, JsonNode node) {
    double value = node.isNumber() ? node.doubleValue() : Double.NaN;
    if (!Double.isFinite(value)) {
      throw wrong(key, "must be a finite number");
    }
    return value;
  }
}
