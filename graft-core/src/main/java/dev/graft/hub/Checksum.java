package dev.graft.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Compares a file with its ETag, where that is a checksum. */
final class Checksum {
  private Checksum() {}

  /** False where the ETag is a checksum and the file has another one. */
  static boolean matches(Path file, String etag) throws IOException {
    if (etag.matches("[0-9a-f]{64}")) {
      return etag.equals(digest("SHA-256", "", file));
    }
    if (etag.matches("[0-9a-f]{40}")) {
      // A Git object: its kind and length, a zero byte, then the content.
      return etag.equals(digest("SHA-1", "blob " + Files.size(file) + "\0", file));
    }
    return true;
  }

  private static String digest(String algorithm, String prefix, Path file) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    digest.update(prefix.getBytes(StandardCharsets.US_ASCII));
    byte[] buffer = new byte[1 << 18];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
