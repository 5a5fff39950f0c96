package dev.graft.hub;

import dev.graft.InputException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the server says of a file before it is fetched.
 *
 * @param etag SHA-256 of the content (large files, 64 digits), its Git blob SHA-1 (40 digits), or
 *     some other name of this version
 * @param size in bytes
 */
record FileMetadata(String etag, long size) {
  private static final Pattern ETAG = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  static FileMetadata of(Http.Answer answer, String where) {
    String etag = etag(answer);
    // A redirect's own length is not the file's.
    boolean direct = answer.status() == 200;
    String linkedSize = answer.header("X-Linked-Size");
    String size = linkedSize == null && direct ? answer.header("Content-Length") : linkedSize;
    if (etag == null || !ETAG.matcher(etag).matches()) {
      throw new InputException(where + ": the server names no usable ETag");
    }
    if (size == null || !size.matches("\\d{1,15}")) {
      throw new InputException(where + ": the server does not say how long the file is");
    }
    return new FileMetadata(etag, Long.parseLong(size));
  }

  /** The ETag of the content, without quotes and the mark of a weak tag. */
  static @Nullable String etag(Http.Answer answer) {
    String linked = answer.header("X-Linked-Etag");
    String etag = linked == null ? answer.header("ETag") : linked;
    return etag == null ? null : etag.strip().replaceFirst("^W/", "").replace("\"", "");
  }
}
