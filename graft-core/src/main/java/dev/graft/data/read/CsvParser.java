package dev.graft.data.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records of RFC 4180: fields between delimiters, in quotes where they hold delimiters, quotes
 * (doubled) or line ends. Works on bytes, since every byte that it looks for is ASCII.
 */
final class CsvParser {
  private static final int MOST_FIELDS = 10_000;

  /** What is wrong with a record; the next call goes on in the line behind it. */
  static final class BadRecord extends Exception {
    private static final long serialVersionUID = 1L;

    BadRecord(String what) {
      super(what);
    }
  }

  private final InputStream in;
  private final int delimiter;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int end;
  private byte[] field = new byte[1 << 10];
  private int length;
  private long size;
  private long line = 1;
  private long recordLine = 1;

  CsvParser(InputStream in, int delimiter) {
    this.in = in;
    this.delimiter = delimiter;
  }

  /** Line in which the record given last begins. */
  long line() {
    return recordLine;
  }

  /** The next record, or null at the end. */
  @Nullable List<String> next() throws IOException, BadRecord {
    int c = skipBlankLines();
    if (c < 0) {
      return null;
    }
    recordLine = line;
    size = 0;
    List<String> fields = new ArrayList<>();
    while (true) {
      length = 0;
      c = c == '"' ? quoted() : plain(c);
      fields.add(decode(c));
      if (fields.size() > MOST_FIELDS) {
        throw refused("has more than " + MOST_FIELDS + " fields", c);
      }
      if (c != delimiter) {
        return fields;
      }
      c = read();
      if (c < 0) {
        fields.add("");
        return fields;
      }
    }
  }

  private int skipBlankLines() throws IOException {
    int c = read();
    while (c == '\n' || c == '\r') {
      line += c == '\n' ? 1 : 0;
      c = read();
    }
    return c;
  }

  /** Reads to the end of a field without quotes; returns what ended it: delimiter, line end, −1. */
  private int plain(int first) throws IOException, BadRecord {
    int c = first;
    while (c >= 0 && c != delimiter && c != '\n') {
      append(c);
      c = read();
    }
    if (c == '\n' || c < 0) {
      line += c == '\n' ? 1 : 0;
      length -= length > 0 && field[length - 1] == '\r' ? 1 : 0;
    }
    return c;
  }

  private int quoted() throws IOException, BadRecord {
    while (true) {
      int c = read();
      if (c < 0) {
        throw new BadRecord("a quote is opened and never closed");
      }
      if (c == '"') {
        c = read();
        if (c != '"') {
          return behindQuote(c);
        }
      }
      line += c == '\n' ? 1 : 0;
      append(c);
    }
  }

  private int behindQuote(int first) throws IOException, BadRecord {
    int c = first == '\r' ? read() : first;
    if (c == '\n') {
      line++;
    } else if (c >= 0 && c != delimiter) {
      throw refused("something stands behind a closing quote; quotes inside are doubled", c);
    }
    return c;
  }

  private BadRecord refused(String what, int last) throws IOException {
    int c = last;
    while (c >= 0 && c != '\n') {
      c = read();
    }
    line += c == '\n' && last != '\n' ? 1 : 0;
    return new BadRecord(what);
  }

  private void append(int c) throws IOException {
    if (++size > StrictJson.LONGEST_ROW) {
      throw new RowLimit.TooLong();
    }
    if (length == field.length) {
      field = Arrays.copyOf(field, 2 * length);
    }
    field[length++] = (byte) c;
  }

  private String decode(int last) throws IOException, BadRecord {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(field, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw refused("is not UTF-8 text; save it as CSV in UTF-8", last);
    }
  }

  private int read() throws IOException {
    if (at == end) {
      end = Math.max(in.read(buffer), 0);
      at = 0;
      if (end == 0) {
        return -1;
      }
    }
    return buffer[at++] & 0xff;
  }
}
