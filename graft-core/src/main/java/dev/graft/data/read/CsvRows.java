package dev.graft.data.read;

import dev.graft.InputException;
import dev.graft.data.RawRow;
import dev.graft.data.RowSource;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table in text whose first line names the columns. Cells are texts; a cell that holds a list of
 * messages in JSON is that list.
 */
final class CsvRows implements RowSource {
  private final Path file;
  private final BufferedInputStream in;
  private final CsvParser parser;
  private final List<String> header;
  private boolean ended;

  private CsvRows(Path file, BufferedInputStream in, CsvParser parser, List<String> header) {
    this.file = file;
    this.in = in;
    this.parser = parser;
    this.header = header;
  }

  static CsvRows open(Path file, BufferedInputStream in, boolean tabs) throws IOException {
    byte[] head = Magic.peek(in, Magic.HEAD);
    if (Magic.starts(head, 0xef, 0xbb, 0xbf)) {
      in.skipNBytes(3);
      head = Magic.peek(in, Magic.HEAD);
    }
    CsvParser parser = new CsvParser(in, tabs ? '\t' : delimiter(head));
    try {
      List<String> header = parser.next();
      if (header == null) {
        throw InputException.in(file, "holds no rows");
      }
      checkHeader(file, header);
      return new CsvRows(file, in, parser, header);
    } catch (CsvParser.BadRecord e) {
      throw InputException.at(file, parser.line(), String.valueOf(e.getMessage()));
    } catch (RowLimit.TooLong e) {
      throw tooLong(file, parser);
    }
  }

  /** The one of comma, semicolon, tab and bar that the first line holds most of. */
  private static int delimiter(byte[] head) {
    String candidates = ",;\t|";
    int[] counts = new int[candidates.length()];
    boolean quoted = false;
    for (byte c : head) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\n' && !quoted) {
        break;
      } else if (!quoted && candidates.indexOf(c) >= 0) {
        counts[candidates.indexOf(c)]++;
      }
    }
    int best = 0;
    for (int i = 1; i < counts.length; i++) {
      best = counts[i] > counts[best] ? i : best;
    }
    return candidates.charAt(best);
  }

  private static void checkHeader(Path file, List<String> header) {
    Set<String> names = new HashSet<>();
    for (String name : header) {
      if (!name.isEmpty() && !names.add(name)) {
        throw InputException.at(
            file, 1, Failure.oneLine("two columns are called \"" + name + "\""));
      }
    }
    if (names.isEmpty()) {
      throw InputException.at(file, 1, "the first line must name the columns");
    }
  }

  @Override
  public @Nullable RawRow next() {
    if (ended) {
      return null;
    }
    try {
      List<String> cells = parser.next();
      if (cells != null) {
        return new RawRow(file, parser.line(), fields(cells));
      }
      ended = true;
      return null;
    } catch (CsvParser.BadRecord e) {
      throw InputException.at(file, parser.line(), String.valueOf(e.getMessage()));
    } catch (RowLimit.TooLong e) {
      ended = true;
      throw tooLong(file, parser);
    } catch (IOException e) {
      ended = true;
      throw Failure.of(file, e);
    }
  }

  private Map<String, Object> fields(List<String> cells) {
    if (cells.size() != header.size()) {
      throw InputException.at(
          file,
          parser.line(),
          "has " + cells.size() + " fields where the first line names " + header.size());
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      if (!header.get(i).isEmpty()) {
        fields.put(header.get(i), value(cells.get(i)));
      }
    }
    return fields;
  }

  /** The cell, or the messages that it can be nothing else than. */
  private static Object value(String cell) {
    if (!cell.startsWith("[{")) {
      return cell;
    }
    try {
      Object value = StrictJson.parse(cell);
      return value instanceof List<?> list && list.stream().allMatch(CsvRows::isMessage)
          ? list
          : cell;
    } catch (StrictJson.NotJson e) {
      return cell;
    }
  }

  private static boolean isMessage(@Nullable Object item) {
    return item instanceof Map<?, ?> map
        && ((map.get("role") instanceof String && map.size() > 1)
            || (map.get("from") instanceof String && map.get("value") instanceof String));
  }

  private static InputException tooLong(Path file, CsvParser parser) {
    return InputException.at(
        file,
        parser.line(),
        "is longer than "
            + StrictJson.LONGEST_ROW
            + " bytes; perhaps a quote is opened and never closed");
  }

  @Override
  public boolean isCutShort() {
    return ended;
  }

  @Override
  public void close() {
    Failure.close(in);
  }
}
