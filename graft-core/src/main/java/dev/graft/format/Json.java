package dev.graft.format;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON from outside: bounded in size and depth, no key twice, nothing after the end. */
final class Json {
  private static final int MAX_DEPTH = 64;

  /** Also used token by token where a tree would be too large. */
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(400)
                  .maxNameLength(1 << 20)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .build();

  static final JsonMapper MAPPER =
      JsonMapper.builder(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private Json() {}

  /**
   * Reads a file that must hold one JSON object.
   *
   * @throws InputException {@code FILE: …} when it is missing, larger than {@code maxBytes}, not
   *     UTF-8, or not such an object
   */
  static ObjectNode readObject(Path file, int maxBytes) {
    MappedFile.checkRegular(file);
    byte[] bytes;
    try (var in = Files.newInputStream(file)) {
      bytes = in.readNBytes(maxBytes + 1);
    } catch (IOException e) {
      throw InputException.in(file, "cannot be read: " + Text.oneLine(e), e);
    }
    if (bytes.length > maxBytes) {
      throw InputException.in(file, "is larger than " + maxBytes + " bytes");
    }
    return parseObject(file, bytes);
  }

  /** As {@link #readObject}, from bytes that came from {@code file}. */
  static ObjectNode parseObject(Path file, byte[] bytes) {
    JsonNode node;
    try {
      node = MAPPER.readTree(Text.utf8(bytes));
    } catch (JacksonException e) {
      var at = e.getLocation();
      String where = at == null ? "" : " (line " + at.getLineNr() + ")";
      throw InputException.in(file, "is not valid JSON: " + Text.oneLine(e) + where, e);
    } catch (CharacterCodingException e) {
      throw InputException.in(file, "is not UTF-8 text", e);
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw InputException.in(file, "must hold a JSON object");
  }
}
