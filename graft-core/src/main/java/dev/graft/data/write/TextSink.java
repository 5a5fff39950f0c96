package dev.graft.data.write;

import dev.graft.data.read.StrictJson;
import dev.graft.data.write.RowShaper.Unrepresentable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Rows as lines of text in UTF-8. */
abstract sealed class TextSink implements RowSink {
  private final OutputStream out;

  private TextSink(OutputStream out) {
    this.out = out;
  }

  final void put(String text) throws IOException {
    ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    out.write(bytes.array(), bytes.arrayOffset(), bytes.remaining());
  }

  @Override
  public void finish() throws IOException {
    out.flush();
  }

  /** The row as JSON; half a surrogate pair is no UTF-8, and is written as an escape. */
  private static String json(Map<String, Object> row) {
    String json = StrictJson.write(row);
    return StandardCharsets.UTF_8.newEncoder().canEncode(json) ? json : StrictJson.writeAscii(row);
  }

  /** One object a line. */
  static final class Lines extends TextSink {
    Lines(OutputStream out) {
      super(out);
    }

    @Override
    public void write(Map<String, Object> row) throws IOException {
      put(json(row) + "\n");
    }
  }

  /** An array with one object a line. */
  static final class Array extends TextSink {
    private boolean begun;

    Array(OutputStream out) {
      super(out);
    }

    @Override
    public void write(Map<String, Object> row) throws IOException {
      put((begun ? ",\n" : "[\n") + json(row));
      begun = true;
    }

    @Override
    public void finish() throws IOException {
      put(begun ? "\n]\n" : "[]\n");
      super.finish();
    }
  }

  /** RFC 4180, lists as JSON in their cells. */
  static final class Table extends TextSink {
    private final List<String> columns;
    private final char delimiter;
    private boolean begun;

    Table(OutputStream out, List<String> columns, char delimiter) {
      super(out);
      this.columns = columns;
      this.delimiter = delimiter;
    }

    @Override
    public void write(Map<String, Object> row) throws IOException, Unrepresentable {
      StringJoiner cells = new StringJoiner(String.valueOf(delimiter), "", "\n");
      for (String column : columns) {
        Object value = row.get(column);
        String text = value == null ? "" : value instanceof String s ? s : cell(value);
        // An empty line would be passed over in reading.
        cells.add(text.isEmpty() && columns.size() == 1 ? "\"\"" : quoted(text));
      }
      begin();
      try {
        put(cells.toString());
      } catch (CharacterCodingException e) {
        throw new Unrepresentable("holds half a surrogate pair, which is no UTF-8");
      }
    }

    private static String cell(Object value) {
      return value instanceof Boolean truth ? truth.toString() : StrictJson.write(value);
    }

    private void begin() throws IOException {
      if (!begun) {
        put(String.join(String.valueOf(delimiter), columns) + "\n");
        begun = true;
      }
    }

    @Override
    public void finish() throws IOException {
      begin();
      super.finish();
    }

    private String quoted(String text) {
      boolean plain =
          text.chars().noneMatch(c -> c == delimiter || c == '"' || c == '\n' || c == '\r')
              && text.strip().equals(text);
      return plain ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }
  }
}
