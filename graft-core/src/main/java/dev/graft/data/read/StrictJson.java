package dev.graft.data.read;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON from outside: no duplicate keys, no deep nesting, nothing behind the value. */
public final class StrictJson {
  /** Most bytes of a row. */
  static final int LONGEST_ROW = 64 << 20;

  private static final int DEEPEST = 100;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(LONGEST_ROW)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** For values within a stream: what comes behind them is somebody else's. */
  static final JsonMapper STREAMED =
      JsonMapper.builder(FACTORY).disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final JsonMapper WHOLE =
      JsonMapper.builder(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  // Columns of floating-point numbers hold NaN, and nothing is wrong with that.
  private static final JsonMapper OF_TABLES =
      JsonMapper.builder(FACTORY).enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private static final JsonMapper ASCII =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private StrictJson() {}

  /** A text is no JSON. */
  public static final class NotJson extends Exception {
    private static final long serialVersionUID = 1L;

    private NotJson(JacksonException cause) {
      super(StrictJson.what(cause), cause);
    }

    /** What is wrong, in one line. */
    public String what() {
      return String.valueOf(getMessage());
    }
  }

  /** The value as maps, lists, strings, numbers, booleans and null. */
  public static @Nullable Object parse(String text) throws NotJson {
    try {
      return WHOLE.readValue(text, Object.class);
    } catch (JacksonException e) {
      throw new NotJson(e);
    }
  }

  /** As {@link #parse}, with numbers that are not finite. */
  static @Nullable Object parseOfTable(String text) throws NotJson {
    try {
      return OF_TABLES.readValue(text, Object.class);
    } catch (JacksonException e) {
      throw new NotJson(e);
    }
  }

  /** A value as JSON, in one line. */
  public static String write(@Nullable Object value) {
    return WHOLE.writeValueAsString(value);
  }

  /** A value as JSON of ASCII characters, in one line; holds also halves of surrogate pairs. */
  public static String writeAscii(Object value) {
    return ASCII.writeValueAsString(value);
  }

  static String what(JacksonException e) {
    String message = String.valueOf(e.getOriginalMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
