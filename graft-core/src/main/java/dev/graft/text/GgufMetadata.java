package dev.graft.text;

import dev.graft.InputException;
import java.lang.reflect.Array;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Typed looks into the metadata of a GGUF file, where arrays may be lists or Java arrays. */
record GgufMetadata(Map<String, Object> values, String name) {
  InputException wrong(String key, String what) {
    return new InputException(name + ": " + key + " " + what);
  }

  boolean has(String key) {
    return values.get(key) != null;
  }

  @Nullable String text(String key) {
    Object value = values.get(key);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw wrong(key, "must be a text");
  }

  boolean flag(String key, boolean otherwise) {
    Object value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(key, "must be true or false");
  }

  /** An index below {@code size}, or -1 where the key is absent. */
  int index(String key, int size) {
    Object value = values.get(key);
    if (value == null) {
      return -1;
    }
    if (value instanceof Number number
        && !(value instanceof Float)
        && !(value instanceof Double)
        && number.longValue() >= 0
        && number.longValue() < size) {
      return number.intValue();
    }
    throw wrong(key, "must be the id of one of the " + size + " tokens");
  }

  String[] texts(String key) {
    int length = length(key);
    String[] texts = new String[length];
    for (int i = 0; i < length; i++) {
      if (!(element(key, i) instanceof String text)) {
        throw wrong(key, "must hold texts only");
      }
      texts[i] = text;
    }
    return texts;
  }

  /** Numbers, {@code length} of them. */
  double[] numbers(String key, int length) {
    if (length(key) != length) {
      throw wrong(key, "has " + length(key) + " values, but there are " + length + " tokens");
    }
    double[] numbers = new double[length];
    for (int i = 0; i < length; i++) {
      if (!(element(key, i) instanceof Number number) || Double.isNaN(number.doubleValue())) {
        throw wrong(key, "must hold numbers only");
      }
      numbers[i] = number.doubleValue();
    }
    return numbers;
  }

  private int length(String key) {
    Object value = values.get(key);
    if (value instanceof List<?> list) {
      return list.size();
    }
    if (value != null && value.getClass().isArray()) {
      return Array.getLength(value);
    }
    throw wrong(key, value == null ? "is missing" : "must be an array");
  }

  private @Nullable Object element(String key, int i) {
    Object value = values.get(key);
    return value instanceof List<?> list ? list.get(i) : value == null ? null : Array.get(value, i);
  }
}
