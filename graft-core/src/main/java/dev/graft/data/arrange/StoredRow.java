package dev.graft.data.arrange;

import dev.graft.InputException;
import dev.graft.data.RawRow;
import dev.graft.data.Row;
import dev.graft.data.RowOptions;
import dev.graft.data.RowReader;
import dev.graft.data.RowText;
import dev.graft.data.read.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A row as it stands in its file, whatever its layout.
 *
 * @param text its line, where the file has a row of JSON a line; else null
 * @param options how it is understood
 */
record StoredRow(RawRow raw, @Nullable String text, RowOptions options) {
  /** Path that stands for the answer of rows that have no such key. */
  private static final String ANSWER = "answer";

  /**
   * The row as one line of JSON, with the end of the line: the very line of its file if it has one.
   */
  byte[] line() {
    return ((text == null ? json() : text) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Half a surrogate pair is no UTF-8, and is written as an escape. */
  private String json() {
    String json = StrictJson.write(raw.fields());
    return StandardCharsets.UTF_8.newEncoder().canEncode(json)
        ? json
        : StrictJson.writeAscii(raw.fields());
  }

  /** FNV-1a of {@link #line}, 64 bits: the same on every machine. */
  long hash() {
    long hash = 0xcbf29ce484222325L;
    for (byte b : line()) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }

  /** What was said in it: of a layout that is not known, all its texts but names of roles. */
  String spoken() {
    Row row = parsed();
    return row == null ? everything() : RowText.spoken(row).strip();
  }

  /** All its texts, without names of roles. */
  String everything() {
    StringBuilder all = new StringBuilder();
    append(raw.fields(), all);
    return all.toString();
  }

  private static void append(@Nullable Object value, StringBuilder text) {
    switch (value) {
      case String string -> text.append(string).append('\n');
      case List<?> list -> list.forEach(item -> append(item, text));
      case Map<?, ?> map ->
          map.forEach((key, item) -> {
            if (!"role".equals(key) && !"from".equals(key)) {
              append(item, text);
            }
          });
      case null, default -> {
        // Numbers and the like tell no texts apart.
      }
    }
  }

  private @Nullable Row parsed() {
    try {
      return RowReader.parse(raw, options);
    } catch (InputException e) {
      return null; // Any object can be divided.
    }
  }

  /**
   * The value at a path of keys such as {@code meta.source}, as text; that of {@code answer} is the
   * answer where there is no such key.
   *
   * @throws InputException where it has none
   */
  String at(String path) {
    Object value = raw.fields();
    for (String key : path.split("\\.", -1)) {
      value = value instanceof Map<?, ?> map ? map.get(key) : null;
    }
    if (value == null && path.equals(ANSWER)) {
      value = Optional.ofNullable(parsed()).map(row -> RowText.answer(row).strip()).orElse(null);
    }
    if (value == null) {
      throw InputException.at(raw.file(), raw.line(), "has no key \"" + path + "\"");
    }
    return value instanceof String string ? string : StrictJson.write(value);
  }
}
