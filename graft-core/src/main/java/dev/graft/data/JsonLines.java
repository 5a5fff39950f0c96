package dev.graft.data;

import dev.graft.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON lines: one object a line; blank lines are passed over. */
final class JsonLines implements RowSource {
  private static final int LONGEST_LINE = 64 << 20;
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(100)
                          .maxStringLength(LONGEST_LINE)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path file;
  private final InputStream in;
  private final LineSplitter lines;
  private long number;
  private boolean ended;

  private JsonLines(Path file, InputStream in) {
    this.file = file;
    this.in = in;
    this.lines = new LineSplitter(in, LONGEST_LINE);
  }

  /** Opens a file. */
  static JsonLines open(Path file) {
    try {
      return new JsonLines(file, Files.newInputStream(file));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  @Override
  public @Nullable RawRow next() {
    while (!ended) {
      String line = line();
      if (line == null) {
        ended = true;
      } else if (!line.isBlank()) {
        return new RawRow(file, number, parse(line));
      }
    }
    return null;
  }

  private @Nullable String line() {
    number++;
    try {
      return lines.next();
    } catch (CharacterCodingException e) {
      throw InputException.at(file, number, "is not UTF-8 text");
    } catch (LineSplitter.TooLong e) {
      ended = true;
      throw InputException.at(file, number, "is longer than " + LONGEST_LINE + " bytes");
    } catch (IOException e) {
      ended = true;
      throw unreadable(file, e);
    }
  }

  private Map<?, ?> parse(String text) {
    if (text.stripLeading().startsWith("[")) {
      throw InputException.at(
          file,
          number,
          "is a JSON array, not JSON lines: write one object a line, without [ and ]");
    }
    try {
      if (JSON.readValue(text, Object.class) instanceof Map<?, ?> map) {
        return map;
      }
      throw InputException.at(file, number, "is not a JSON object");
    } catch (JacksonException e) {
      throw InputException.at(file, number, "is not JSON: " + firstLine(e.getOriginalMessage()));
    }
  }

  private static InputException unreadable(Path file, IOException e) {
    if (e instanceof java.nio.file.NoSuchFileException) {
      return InputException.in(file, "there is no such file", e);
    }
    String message = e.getMessage();
    return InputException.in(file, "can't be read" + (message == null ? "" : ": " + message), e);
  }

  private static String firstLine(String message) {
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      // Nothing was written, so nothing is lost.
    }
  }
}
