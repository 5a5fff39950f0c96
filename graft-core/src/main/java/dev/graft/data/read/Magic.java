package dev.graft.data.read;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the first bytes of a file tell about it. */
final class Magic {
  /** Bytes that are looked at. */
  static final int HEAD = 4096;

  private Magic() {}

  /** The first bytes; the stream stands before them again. */
  static byte[] peek(BufferedInputStream in, int count) throws IOException {
    in.mark(count);
    byte[] head = in.readNBytes(count);
    in.reset();
    return head;
  }

  static boolean starts(byte[] head, int... bytes) {
    return startsAt(head, 0, bytes);
  }

  private static boolean startsAt(byte[] head, int at, int... bytes) {
    if (head.length < at + bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if ((head[at + i] & 0xff) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean starts(byte[] head, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return head.length >= bytes.length
        && new String(head, 0, bytes.length, StandardCharsets.ISO_8859_1).equals(text);
  }

  static boolean isParquet(byte[] head) {
    return starts(head, "PAR1");
  }

  /** The kind of file this is, where it is one whose rows can't be read. */
  static Optional<String> kind(byte[] head) {
    return Optional.ofNullable(archive(head))
        .or(() -> Optional.ofNullable(encrypted(head)))
        .or(() -> Optional.ofNullable(table(head)))
        .or(() -> Optional.ofNullable(encoded(head)));
  }

  private static @Nullable String archive(byte[] head) {
    if (starts(head, "PK\003\004")) {
      return "a zip archive (or an Office file)";
    }
    if (starts(head, "BZh")) {
      return "compressed by bzip2";
    }
    if (starts(head, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return "compressed by xz";
    }
    if (starts(head, 0x04, 0x22, 0x4d, 0x18)) {
      return "compressed by lz4";
    }
    if (starts(head, '7', 'z', 0xbc, 0xaf)) {
      return "a 7z archive";
    }
    if (starts(head, "Rar!")) {
      return "a RAR archive";
    }
    return startsAt(head, 257, 'u', 's', 't', 'a', 'r') ? "a tar archive" : null;
  }

  private static @Nullable String encrypted(byte[] head) {
    boolean gpg = starts(head, "-----BEGIN PGP MESSAGE");
    boolean other = starts(head, "age-encryption.org") || starts(head, "Salted__");
    return gpg || other || starts(head, "PARE") ? "encrypted" : null;
  }

  private static @Nullable String table(byte[] head) {
    if (starts(head, "ARROW1") || starts(head, "FEA1")) {
      return "an Arrow file";
    }
    if (starts(head, "ORC")) {
      return "an ORC file";
    }
    if (starts(head, "Obj\001")) {
      return "an Avro file";
    }
    if (starts(head, "SQLite format 3")) {
      return "an SQLite database";
    }
    if (starts(head, "%PDF")) {
      return "a PDF";
    }
    return starts(head, "GGUF") ? "a GGUF model" : null;
  }

  private static @Nullable String encoded(byte[] head) {
    if (starts(head, 0xff, 0xfe) || starts(head, 0xfe, 0xff)) {
      return "text in UTF-16";
    }
    int[] zeros = new int[2];
    for (int i = 0; i < head.length; i++) {
      zeros[i % 2] += head[i] == 0 ? 1 : 0;
    }
    if (zeros[0] + zeros[1] == 0) {
      return null;
    }
    boolean oneSide = Math.min(zeros[0], zeros[1]) == 0;
    return oneSide && zeros[0] + zeros[1] > head.length / 4 ? "text in UTF-16" : "binary";
  }
}
