package dev.graft.hub;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Names from a server, which become paths of the cache and of addresses. */
final class SafePath {
  private static final int MAX_LENGTH = 1024;
  private static final String FORBIDDEN = "\\:*?\"<>|";

  private SafePath() {}

  /** Whether the name is relative, stays below its folder and is valid on every file system. */
  static boolean isSafe(String name) {
    if (name.isEmpty() || name.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isISOControl(c) || Character.isSurrogate(c) || FORBIDDEN.indexOf(c) >= 0) {
        return false;
      }
    }
    for (String part : name.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return false;
      }
    }
    return true;
  }

  /** Percent-encodes for an address; a slash stays one where {@code keepSlash}. */
  static String encode(String name, boolean keepSlash) {
    var encoded = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~".indexOf(c) >= 0
              || (c == '/' && keepSlash);
      if (plain) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return encoded.toString();
  }
}
