package dev.graft.data.read;

import dev.graft.InputException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What holds rows, and how that is seen from a file's name and first bytes. */
enum FileKind {
  JSON_LINES,
  JSON,
  COMMAS,
  TABS,
  PARQUET,
  TEXT;

  private static final Map<String, FileKind> BY_ENDING =
      Map.of(
          "jsonl", JSON_LINES,
          "ndjson", JSON_LINES,
          "json", JSON,
          "csv", COMMAS,
          "tsv", TABS,
          "parquet", PARQUET,
          "txt", TEXT,
          "md", TEXT);

  /** What the name alone says. */
  static Optional<FileKind> named(Path file) {
    String name = Compression.plainName(file);
    int dot = name.lastIndexOf('.');
    return Optional.ofNullable(BY_ENDING.get(name.substring(dot + 1)));
  }

  /**
   * What a file is.
   *
   * @param head its first bytes, decompressed
   * @throws InputException where it is nothing that holds rows
   */
  static FileKind of(Path file, byte[] head) {
    if (Magic.isParquet(head)) {
      return PARQUET;
    }
    refuseForeign(file, head);
    FileKind named = named(file).orElse(null);
    if (named == PARQUET) {
      throw InputException.in(file, "is not Parquet, whatever its name says");
    }
    int first = firstCharacter(head);
    boolean json = named == null || named == JSON_LINES || named == JSON;
    if (json && first == '[') {
      return JSON;
    }
    if (named == null && first == '{') {
      return JSON;
    }
    if (named == null) {
      throw InputException.in(
          file, "its name does not say what it is; known are " + DataFiles.KNOWN);
    }
    return named;
  }

  private static void refuseForeign(Path file, byte[] head) {
    Optional<String> kind = Magic.kind(head);
    if (kind.isPresent()) {
      String what = kind.get();
      String todo = what.contains("UTF-16") ? "; save it as UTF-8" : ", which can't be read";
      String known = what.equals("binary") ? "; known are " + DataFiles.KNOWN : "";
      throw InputException.in(file, "is " + what + todo + known);
    }
  }

  /** The first that is no space, behind a byte order mark; −1 where there is none. */
  private static int firstCharacter(byte[] head) {
    int at = Magic.starts(head, 0xef, 0xbb, 0xbf) ? 3 : 0;
    while (at < head.length && head[at] <= ' ' && head[at] >= 0) {
      at++;
    }
    return at < head.length ? head[at] : -1;
  }
}
