package dev.graft.data;

import dev.graft.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON lines: one object a line, {@code {"messages": […]}} (optionally with {@code "tools"}),
 * {@code {"prompt": …, "completion": …}} (texts, or lists of messages) or {@code {"text": …}}.
 */
public final class RowReader {
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
          .enable(tools.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private RowReader() {}

  /** All rows of a file, in order; blank lines are passed over. */
  public static List<Row> read(Path file) {
    List<Row> rows = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      LineSplitter lines = new LineSplitter(in, LONGEST_LINE);
      long number = 0;
      String line = next(lines, file, 1);
      while (line != null) {
        number++;
        if (!line.isBlank()) {
          rows.add(parse(file, number, line));
        }
        line = next(lines, file, number + 1);
      }
    } catch (IOException e) {
      throw InputException.in(file, reason(e), e);
    }
    if (rows.isEmpty()) {
      throw InputException.in(file, "holds no rows");
    }
    return rows;
  }

  private static @org.jspecify.annotations.Nullable String next(
      LineSplitter lines, Path file, long number) throws IOException {
    try {
      return lines.next();
    } catch (CharacterCodingException e) {
      throw InputException.at(file, number, "is not UTF-8 text");
    } catch (LineSplitter.TooLong e) {
      throw InputException.at(file, number, "is longer than " + LONGEST_LINE + " bytes");
    }
  }

  private static String reason(IOException e) {
    if (e instanceof java.nio.file.NoSuchFileException) {
      return "there is no such file";
    }
    String message = e.getMessage();
    return "can't be read" + (message == null ? "" : ": " + message);
  }

  private static Row parse(Path file, long line, String text) {
    if (text.stripLeading().startsWith("[")) {
      throw InputException.at(
          file, line, "is a JSON array, not JSON lines: write one object a line, without [ and ]");
    }
    Map<?, ?> object;
    try {
      if (!(JSON.readValue(text, Object.class) instanceof Map<?, ?> map)) {
        throw InputException.at(file, line, "is not a JSON object");
      }
      object = map;
    } catch (JacksonException e) {
      throw InputException.at(file, line, "is not JSON: " + firstLine(e.getOriginalMessage()));
    }
    return new RowParser(file, line).parse(object);
  }

  private static String firstLine(String message) {
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
