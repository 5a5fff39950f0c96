package dev.graft.text.template;

/**
 * A stretch of text.
 *
 * @param start first UTF-16 index
 * @param end UTF-16 index after the last
 */
public record CharRange(int start, int end) {
  public CharRange {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("not a range: " + start + ".." + end);
    }
  }

  public int length() {
    return end - start;
  }

  public boolean contains(int index) {
    return index >= start && index < end;
  }
}
