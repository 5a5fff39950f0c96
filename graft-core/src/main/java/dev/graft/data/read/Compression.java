package dev.graft.data.read;

import com.github.luben.zstd.ZstdInputStream;
import dev.graft.InputException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** How the bytes of a file are compressed; its first bytes say so, not its name alone. */
enum Compression {
  NONE,
  GZIP,
  ZSTD;

  private static final int BUFFER = 1 << 16;
  private static final List<String> ENDINGS = List.of(".gz", ".gzip", ".zst", ".zstd");

  /** Compressed data that is damaged or cut short. */
  static final class Damaged extends IOException {
    private static final long serialVersionUID = 1L;

    Damaged(String what, Throwable cause) {
      super(what, cause);
    }
  }

  /** The file's name in lower case without the ending of its compression. */
  static String plainName(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return named(name)
        .map(ending -> name.substring(0, name.length() - ending.length()))
        .orElse(name);
  }

  private static Optional<String> named(String name) {
    return ENDINGS.stream().filter(name::endsWith).findFirst();
  }

  private static Compression of(byte[] head) {
    if (Magic.starts(head, 0x1f, 0x8b)) {
      return GZIP;
    }
    return Magic.starts(head, 0x28, 0xb5, 0x2f, 0xfd) ? ZSTD : NONE;
  }

  /**
   * The file's bytes, decompressed as they are read.
   *
   * @return a stream that supports {@code mark}
   */
  static BufferedInputStream open(Path file) {
    InputStream raw = null;
    try {
      raw = Files.newInputStream(file);
      BufferedInputStream buffered = new BufferedInputStream(raw, BUFFER);
      byte[] head = Magic.peek(buffered, Magic.HEAD);
      Compression compression = of(head);
      if (compression == NONE) {
        refuseFalseName(file, head);
        return buffered;
      }
      BufferedInputStream plain =
          new BufferedInputStream(decompress(compression, buffered), BUFFER);
      if (of(Magic.peek(plain, Magic.HEAD)) != NONE) {
        plain.close();
        throw InputException.in(file, "is compressed twice; decompress it once");
      }
      return plain;
    } catch (IOException e) {
      if (raw != null) {
        Failure.close(raw);
      }
      throw Failure.of(file, e);
    }
  }

  private static void refuseFalseName(Path file, byte[] head) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    Optional<String> ending = named(name);
    if (ending.isPresent()) {
      String is = Magic.kind(head).map(kind -> "is " + kind).orElse("is not compressed so");
      throw InputException.in(
          file, is + ", though its name ends in " + ending.get() + "; rename it");
    }
  }

  private static InputStream decompress(Compression compression, InputStream in)
      throws IOException {
    if (compression == GZIP) {
      return new GZIPInputStream(in, BUFFER);
    }
    return new Zstd(new ZstdInputStream(in));
  }

  /** Says what is wrong as other streams do. */
  private static final class Zstd extends FilterInputStream {
    Zstd(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (IOException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("runcated")) {
          EOFException end = new EOFException(message);
          end.initCause(e);
          throw end;
        }
        throw new Damaged("its compressed data is damaged: " + message, e);
      }
    }
  }
}
