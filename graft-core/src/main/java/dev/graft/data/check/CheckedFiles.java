package dev.graft.data.check;

import java.nio.file.Path;
import java.util.List;

/**
 * What a check read: a file, or the files of a folder.
 *
 * @param path as it was named
 * @param parts the files in their order; the path alone where it is no folder
 */
public record CheckedFiles(Path path, List<Path> parts) {
  public CheckedFiles {
    parts = List.copyOf(parts);
  }

  /** A row as people read it: its line, in a folder behind its file, as in {@code b.jsonl:3}. */
  String name(Place place) {
    Path file = parts.get(place.part());
    return file.equals(path)
        ? Long.toString(place.line())
        : path.relativize(file) + ":" + place.line();
  }

  /** The same for a sentence: {@code line 3}, or {@code b.jsonl:3}. */
  String line(Place place) {
    boolean alone = parts.get(place.part()).equals(path);
    return (alone ? "line " : "") + name(place);
  }
}
