package dev.graft.train.log;

import dev.graft.InputException;
import dev.graft.io.AtomicFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * Metrics of a run as JSON lines, one row a line, appended and handed to the system at once, so
 * that a crash costs at most the row that was being written. NaN and infinity are written as null.
 * Not for several threads.
 */
public final class MetricsLog implements AutoCloseable {
  /** The key under which a row holds its step. */
  public static final String STEP = "step";

  private static final int LONGEST_LINE = 1 << 20;

  private final FileChannel channel;

  private MetricsLog(FileChannel channel) {
    this.channel = channel;
  }

  /** Opens a log to append to; makes the file where there is none. */
  public static MetricsLog open(Path file) throws IOException {
    return new MetricsLog(
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  /**
   * Makes a log ready for a run that goes on: drops the rows that the run will write again, and a
   * last line that a crash cut short.
   *
   * @param keep which rows stay
   * @return the rows that stay, in order; none where there is no log yet
   * @throws InputException where a line before the last is no row
   */
  public static List<Map<String, Object>> rewind(Path file, Predicate<Map<String, Object>> keep)
      throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<Map<String, Object>> rows = read(file);
    rows.removeIf(keep.negate());
    StringBuilder text = new StringBuilder();
    rows.forEach(row -> text.append(Json.line(row)).append('\n'));
    AtomicFile.writeString(file, text.toString());
    return rows;
  }

  /**
   * All rows of a log, in order; a last line that a crash cut short is left out.
   *
   * @throws InputException naming the line where one before the last is no JSON object
   */
  public static List<Map<String, Object>> read(Path file) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(Files.newInputStream(file), decoder))) {
      int number = 0;
      for (Line line = next(reader); line != null; line = next(reader)) {
        number++;
        Map<String, Object> row = row(line.text());
        if (row != null) {
          rows.add(row);
        } else if (line.ended()) {
          throw InputException.at(file, number, "is no JSON object; the file is damaged");
        }
      }
    }
    return rows;
  }

  /** Appends a row; its keys keep their order. */
  public void append(Map<String, ?> row) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((Json.line(row) + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /**
   * A line of the file.
   *
   * @param ended whether it has its end-of-line, which a line cut short lacks
   */
  private record Line(String text, boolean ended) {}

  private static @Nullable Line next(BufferedReader reader) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      if (c == '\n') {
        return new Line(text.toString(), true);
      }
      if (text.length() < LONGEST_LINE) {
        text.append((char) c);
      }
    }
    return text.isEmpty() ? null : new Line(text.toString(), false);
  }

  private static @Nullable Map<String, Object> row(String text) {
    try {
      return Json.MAPPER.readValue(text, new TypeReference<LinkedHashMap<String, Object>>() {});
    } catch (JacksonException e) {
      return null;
    }
  }
}
