package dev.graft.data.read;

import dev.graft.InputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A file of text of any length as documents, in pieces of bounded length. A line that holds nothing
 * but the separator ends a document; the line end before it is no part of the document.
 */
public final class TextPieces implements AutoCloseable {
  /** Bytes after which a document goes on in the next piece, at the next line if one comes soon. */
  static final int PIECE = 1 << 18;

  /** A line that goes further beyond the piece's length is cut. */
  private static final int SLACK = 1 << 13;

  private final Path file;
  private final BufferedInputStream in;
  private final byte[] separator;
  private final int length;
  private final byte[] input = new byte[1 << 16];
  private int inputAt;
  private int inputEnd;
  private byte[] buffer = new byte[1 << 13]; // what is read of the piece
  private int size;
  private long line;
  private boolean atEnd;
  private boolean begun; // whether the document has pieces already
  private boolean inLine; // whether the last piece ended within a line
  private boolean lineEnd; // whether a line end stands before what comes next

  /**
   * A part of a document.
   *
   * @param ends whether the document ends with it
   */
  public record Piece(String text, boolean ends) {}

  TextPieces(Path file, BufferedInputStream in, String separator, int length) {
    this.file = file;
    this.in = in;
    this.separator = separator.getBytes(StandardCharsets.UTF_8);
    this.length = length;
  }

  /**
   * The file's pieces; null where it is no plain text but rows of some kind.
   *
   * @param separator what a line between documents holds
   */
  public static @Nullable TextPieces open(Path file, String separator) {
    BufferedInputStream in = Compression.open(file);
    boolean kept = false;
    try {
      byte[] head = Magic.peek(in, Magic.HEAD);
      if (head.length > 0 && FileKind.of(file, head) != FileKind.TEXT) {
        return null;
      }
      in.skipNBytes(Magic.starts(head, 0xef, 0xbb, 0xbf) ? 3 : 0);
      kept = true;
      return new TextPieces(file, in, separator, PIECE);
    } catch (IOException e) {
      throw Failure.of(file, e);
    } finally {
      if (!kept) {
        Failure.close(in);
      }
    }
  }

  /**
   * The next piece, or null at the end of the file. Documents without text are passed over.
   *
   * @throws InputException where the file can't be read or is not UTF-8
   */
  public @Nullable Piece next() {
    try {
      while (!atEnd) {
        boolean separated = readLine();
        if (separated || atEnd) {
          if (size > 0 || begun) {
            begun = false;
            return new Piece(take(size), true);
          }
        } else if (size >= length) {
          begun = true;
          return new Piece(take(wholeCharacters()), false);
        }
      }
      return null;
    } catch (CharacterCodingException e) {
      throw InputException.in(file, "is not UTF-8 text (near line " + line + ")");
    } catch (IOException e) {
      throw Failure.of(file, e);
    }
  }

  /** Appends a line, or the part of it that fits; true where it was a separator instead. */
  private boolean readLine() throws IOException {
    int begin = size;
    if (lineEnd && !inLine) {
      append('\n');
    }
    boolean whole = false;
    int read = 0;
    while (!whole && size < length + SLACK) {
      int b = read();
      if (b < 0) {
        atEnd = true;
        break;
      }
      read++;
      whole = b == '\n';
      if (!whole) {
        append(b);
      }
    }
    line += whole ? 1 : 0;
    int from = begin + (lineEnd && !inLine ? 1 : 0);
    boolean separates = !inLine && (whole || atEnd) && isSeparator(from);
    if (separates || read == 0) {
      size = begin;
    }
    lineEnd = whole && !separates;
    inLine = !whole;
    return separates;
  }

  private int read() throws IOException {
    if (inputAt == inputEnd) {
      inputEnd = Math.max(0, in.read(input));
      inputAt = 0;
    }
    return inputAt < inputEnd ? input[inputAt++] & 0xff : -1;
  }

  private boolean isSeparator(int from) {
    int to = size > from && buffer[size - 1] == '\r' ? size - 1 : size;
    return Arrays.equals(buffer, from, to, separator, 0, separator.length);
  }

  private void append(int b) {
    if (size == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * size);
    }
    buffer[size++] = (byte) b;
  }

  /** Bytes that end with a whole character; all where what follows is no UTF-8 anyway. */
  private int wholeCharacters() {
    if (!inLine) {
      return size;
    }
    int end = size;
    while (end > 0 && size - end < 3 && (buffer[end - 1] & 0xC0) == 0x80) {
      end--;
    }
    int leading = end > 0 ? buffer[end - 1] & 0xff : 0;
    int expected = leading >= 0xF0 ? 4 : leading >= 0xE0 ? 3 : leading >= 0xC0 ? 2 : 1;
    return expected > 1 && size - end + 1 < expected ? end - 1 : size;
  }

  private String take(int count) throws CharacterCodingException {
    String text =
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(buffer, 0, count)).toString();
    System.arraycopy(buffer, count, buffer, 0, size - count);
    size -= count;
    return text;
  }

  @Override
  public void close() {
    Failure.close(in);
  }
}
