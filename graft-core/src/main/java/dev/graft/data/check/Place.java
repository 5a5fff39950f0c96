package dev.graft.data.check;

/**
 * Where a row stands.
 *
 * @param line counted from one
 */
public record Place(DataFile file, long line) implements Comparable<Place> {
  @Override
  public int compareTo(Place other) {
    int byFile = file.compareTo(other.file);
    return byFile != 0 ? byFile : Long.compare(line, other.line);
  }

  /** The line, with the file in front where it is not the one that is trained on. */
  @Override
  public String toString() {
    return file == DataFile.DATA ? Long.toString(line) : file.word() + ":" + line;
  }
}
