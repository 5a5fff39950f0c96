package dev.graft.goal;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Strict JSON (RFC 8259) from outside: no duplicate keys, nothing behind it, nested at most 100.
 */
final class AnswerJson {
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(100).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private AnswerJson() {}

  /**
   * The value that the text is.
   *
   * @throws tools.jackson.core.JacksonException where it is not
   */
  static JsonNode read(String text) {
    return JSON.readTree(text);
  }

  /** A tree of maps, lists and values as JSON. */
  static JsonNode tree(@Nullable Object value) {
    return JSON.valueToTree(value);
  }
}
