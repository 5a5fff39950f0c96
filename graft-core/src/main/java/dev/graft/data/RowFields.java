package dev.graft.data;

import dev.graft.InputException;
import dev.graft.data.read.StrictJson;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of one row under Graft's names; a field without a value is not there. */
final class RowFields {
  private static final int MOST_SHOWN = 30;
  private static final int LONGEST_SHOWN = 60;

  /** Keys whose values are no texts, so that an empty cell of a table is none. */
  private static final Set<String> NO_TEXTS =
      Set.of("messages", "conversations", "tools", "functions", "history", "label");

  private final Path file;
  private final long line;
  private final RowMapping mapping;
  private final Map<String, Object> fields = new LinkedHashMap<>();

  RowFields(RawRow row, RowMapping mapping) {
    this.file = row.file();
    this.line = row.line();
    this.mapping = mapping;
    row.fields().forEach((key, value) -> put(String.valueOf(key), value));
    Map<String, @Nullable Object> mapped = new LinkedHashMap<>();
    for (String name : RowMapping.ROW_KEYS) {
      String source = mapping.source(name);
      if (source != null) {
        mapped.put(name, fields.get(source));
      }
    }
    // All are taken first and set then, so that two keys may change names.
    mapped.keySet().forEach(name -> fields.remove(mapping.source(name)));
    mapped.forEach(this::put);
  }

  private void put(String key, @Nullable Object value) {
    boolean emptyCell = value instanceof String text && text.isBlank() && NO_TEXTS.contains(key);
    if (value == null || emptyCell) {
      fields.remove(key);
    } else {
      fields.put(key, value);
    }
  }

  long line() {
    return line;
  }

  RowMapping mapping() {
    return mapping;
  }

  boolean has(String key) {
    return fields.containsKey(key);
  }

  @Nullable Object get(String key) {
    return fields.get(key);
  }

  /** What a key is called where the row stands. */
  String shown(String key) {
    String source = mapping.source(key);
    return source == null ? "\"" + key + "\"" : "\"" + source + "\" (" + key + ")";
  }

  /** The keys that have values, for messages. */
  String keys() {
    List<String> first =
        fields.keySet().stream().limit(MOST_SHOWN).map(RowFields::shortened).toList();
    return "[" + String.join(", ", first) + (fields.size() > MOST_SHOWN ? ", …]" : "]");
  }

  /** A text that may be blank; a number where a text should be is wrong. */
  String text(String key) {
    if (fields.get(key) instanceof String text) {
      return text;
    }
    throw wrong("key " + shown(key) + (has(key) ? " is not a text" : " is missing"));
  }

  /** A text with something in it. */
  String filledText(String key) {
    String text = text(key);
    if (text.isBlank()) {
      throw wrong("key " + shown(key) + " is empty");
    }
    return text;
  }

  /** A text, or nothing where the key is missing. */
  String textOrNothing(String key) {
    return has(key) ? text(key) : "";
  }

  /** A list, or the list that a text of JSON stands for, as in a cell of a table; null for none. */
  @Nullable List<?> list(String key) {
    Object value = fields.get(key);
    if (value == null) {
      return null;
    }
    if (value instanceof String text) {
      value = json(key, text);
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw wrong("key " + shown(key) + " is not a list");
  }

  private @Nullable Object json(String key, String text) {
    try {
      return StrictJson.parse(text);
    } catch (StrictJson.NotJson e) {
      boolean python = text.stripLeading().matches("(?s)\\[\\s*\\{\\s*'.*");
      String hint = python ? "; it looks printed by Python, write it with json.dumps" : "";
      throw wrong("key " + shown(key) + " holds a text that is not JSON: " + e.what() + hint);
    }
  }

  /** A text of the row in a message. */
  static String shortened(String text) {
    return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
  }

  InputException wrong(String what) {
    return InputException.at(file, line, what.replaceAll("\\s+", " "));
  }
}
