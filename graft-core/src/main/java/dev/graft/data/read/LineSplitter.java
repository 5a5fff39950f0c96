package dev.graft.data.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lines of UTF-8 text, none longer than a limit, so that no file can fill the memory by itself. */
final class LineSplitter {
  /** A line is longer than the limit. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private final InputStream in;
  private final int limit;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int end;
  private byte[] line = new byte[1 << 12];
  private boolean first = true;

  LineSplitter(InputStream in, int limit) {
    this.in = in;
    this.limit = limit;
  }

  /** The next line without its end, or null at the end. */
  @Nullable String next() throws IOException {
    int length = 0;
    boolean any = false;
    while (true) {
      if (at == end) {
        end = in.read(buffer);
        at = 0;
        if (end <= 0) {
          end = 0;
          return any ? decode(length) : null;
        }
      }
      any = true;
      int from = at;
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      length = append(length, from, at);
      if (at < end) {
        at++;
        return decode(length);
      }
    }
  }

  private int append(int length, int from, int to) throws TooLong {
    int wanted = length + to - from;
    if (wanted > limit) {
      throw new TooLong();
    }
    if (wanted > line.length) {
      line = Arrays.copyOf(line, Math.max(wanted, 2 * line.length));
    }
    System.arraycopy(buffer, from, line, length, to - from);
    return wanted;
  }

  private String decode(int length) throws IOException {
    int size = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    String text = decoder.decode(ByteBuffer.wrap(line, 0, size)).toString();
    boolean mark = first && text.startsWith("\uFEFF");
    first = false;
    return mark ? text.substring(1) : text;
  }
}
