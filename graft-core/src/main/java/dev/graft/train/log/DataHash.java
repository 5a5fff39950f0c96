package dev.graft.train.log;

import dev.graft.data.RowReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Identifies the data that a run was trained on. */
public final class DataHash {
  private static final int BUFFER = 1 << 16;

  private DataHash() {}

  /**
   * SHA-256 in hexadecimal of a file's bytes; of a folder, of the names and hashes of the files in
   * it that hold its data. Reads them piece by piece.
   */
  public static String sha256(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return HexFormat.of().formatHex(ofFile(path));
    }
    MessageDigest digest = newDigest();
    for (Path file : RowReader.files(path)) {
      String name = path.relativize(file).toString().replace(File.separatorChar, '/');
      digest.update(name.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0); // which no name holds
      digest.update(ofFile(file));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] ofFile(Path file) throws IOException {
    MessageDigest digest = newDigest();
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] buffer = new byte[BUFFER];
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return digest.digest();
  }
}
