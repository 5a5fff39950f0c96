package dev.graft.report;

import dev.graft.InputException;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What JSON must look like for the page's script, which trusts it. */
@FunctionalInterface
interface Shape {
  Shape TEXT = kind(JsonNode::isString, "must be a string");
  Shape TRUTH = kind(JsonNode::isBoolean, "must be true or false");
  Shape NUMBER =
      kind(n -> n.isNumber() && Double.isFinite(n.doubleValue()), "must be a finite number");

  /**
   * Looks at a value.
   *
   * @param place of it, as in {@code results[2].size}
   * @throws InputException where it has another shape
   */
  void check(String place, JsonNode value);

  /** Whether a value is of a kind. */
  interface Kind {
    boolean is(JsonNode value);
  }

  private static Shape kind(Kind kind, String fault) {
    return (place, value) -> {
      if (!kind.is(value)) {
        throw wrong(place, fault);
      }
    };
  }

  /**
   * An object, in which other keys may stand too.
   *
   * @param fields names and shapes in turns; one whose name ends in {@code ?} may be missing or
   *     null
   */
  static Shape object(Object... fields) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      shapes.put((String) fields[i], (Shape) fields[i + 1]);
    }
    return (place, value) -> {
      if (!value.isObject()) {
        throw wrong(place, "must be an object");
      }
      String prefix = place.isEmpty() ? "" : place + ".";
      shapes.forEach((name, shape) -> checkField(prefix, value, name, shape));
    };
  }

  private static void checkField(String prefix, JsonNode object, String name, Shape shape) {
    boolean optional = name.endsWith("?");
    String key = optional ? name.substring(0, name.length() - 1) : name;
    JsonNode value = object.get(key);
    if (value != null && !value.isNull()) {
      shape.check(prefix + key, value);
    } else if (!optional) {
      throw wrong(prefix + key, "is missing");
    }
  }

  /** An object with any keys and values of one shape or null. */
  static Shape map(Shape item) {
    return (place, value) -> {
      if (!value.isObject()) {
        throw wrong(place, "must be an object");
      }
      value.forEachEntry((key, inner) -> {
        if (!inner.isNull()) {
          item.check(place + "." + key, inner);
        }
      });
    };
  }

  /** An array of values of one shape. */
  static Shape list(Shape item) {
    return (place, value) -> {
      if (!value.isArray()) {
        throw wrong(place, "must be an array");
      }
      for (int i = 0; i < value.size(); i++) {
        item.check(place + "[" + i + "]", value.get(i));
      }
    };
  }

  /** The error for a place that breaks a rule. */
  static InputException wrong(String place, String what) {
    String shown = place.replaceAll("[^\\p{Graph} ]", "?"); // keys may be anything
    String cut = shown.length() > 120 ? shown.substring(0, 120) + "…" : shown;
    return new InputException("comparison.json: key \"" + cut + "\": " + what);
  }
}
