package dev.graft.text.template;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A string that knows where its characters came from.
 *
 * <p>Most strings have one source; then {@code ends} is null and {@link #tag()} holds it. Others
 * are cut into runs: run {@code i} reaches from {@code ends[i - 1]} to {@code ends[i]} and has
 * {@code tags[i]}. Indices are UTF-16 here; the methods of Python count code points ({@link
 * #isBmp}).
 */
final class Text implements Value, Comparable<Text> {
  static final Text EMPTY = new Text("", Tags.NONE, false);

  final String string;

  /** Marked by {@code safe}: joining it to plain text escapes the plain text. */
  final boolean markup;

  private final long tag;
  private final int @Nullable [] ends;
  private final long @Nullable [] tags;

  private Text(String string, long tag, boolean markup) {
    this.string = string;
    this.tag = tag;
    this.markup = markup;
    this.ends = null;
    this.tags = null;
  }

  private Text(String string, int[] ends, long[] tags, boolean markup) {
    this.string = string;
    this.tag = Tags.NONE;
    this.markup = markup;
    this.ends = ends;
    this.tags = tags;
  }

  static Text of(String string) {
    return string.isEmpty() ? EMPTY : new Text(string, Tags.NONE, false);
  }

  static Text of(String string, long tag) {
    return new Text(string, tag, false);
  }

  static Text ofRuns(String string, int[] ends, long[] tags, int runs) {
    return switch (runs) {
      case 0 -> EMPTY;
      case 1 -> new Text(string, tags[0], false);
      default -> new Text(string, Arrays.copyOf(ends, runs), Arrays.copyOf(tags, runs), false);
    };
  }

  /** Takes the runs of a text one by one. */
  @FunctionalInterface
  interface RunConsumer {
    void run(int start, int end, long tag);
  }

  void forEachRun(RunConsumer consumer) {
    if (ends == null || tags == null) {
      if (!string.isEmpty()) {
        consumer.run(0, string.length(), tag);
      }
      return;
    }
    int start = 0;
    for (int i = 0; i < ends.length; i++) {
      consumer.run(start, ends[i], tags[i]);
      start = ends[i];
    }
  }

  boolean isUniform() {
    return ends == null;
  }

  int length() {
    return string.length();
  }

  boolean isEmpty() {
    return string.isEmpty();
  }

  /** Whether every code point is one UTF-16 unit, so that both ways of counting agree. */
  boolean isBmp() {
    for (int i = 0; i < string.length(); i++) {
      if (Character.isSurrogate(string.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  int codePoints() {
    return string.codePointCount(0, string.length());
  }

  Text withMarkup(boolean value) {
    if (value == markup) {
      return this;
    }
    return ends == null || tags == null
        ? new Text(string, tag, value)
        : new Text(string, ends, tags, value);
  }

  /** The part between two UTF-16 indices. */
  Text substring(int from, int to) {
    if (from == 0 && to == string.length()) {
      return this;
    }
    if (from >= to) {
      return markup ? EMPTY.withMarkup(true) : EMPTY;
    }
    if (ends == null || tags == null) {
      return new Text(string.substring(from, to), tag, markup);
    }
    int first = runAt(from);
    int last = runAt(to - 1);
    if (first == last) {
      return new Text(string.substring(from, to), tags[first], markup);
    }
    var newEnds = new int[last - first + 1];
    for (int i = first; i <= last; i++) {
      newEnds[i - first] = Math.min(ends[i], to) - from;
    }
    return new Text(
        string.substring(from, to), newEnds, Arrays.copyOfRange(tags, first, last + 1), markup);
  }

  private int runAt(int index) {
    if (ends == null) {
      return 0;
    }
    int found = Arrays.binarySearch(ends, index + 1);
    return found >= 0 ? found : -found - 1;
  }

  /** The source of the character at a UTF-16 index. */
  long tagAt(int index) {
    return tags == null ? tag : tags[runAt(index)];
  }

  /** Applies a change to every run; a change that keeps the length is applied to the whole. */
  Text map(Context context, java.util.function.UnaryOperator<String> change) {
    String whole = change.apply(string);
    context.allocate(whole.length());
    if (ends == null || tags == null) {
      return new Text(whole, tag, markup);
    }
    if (whole.length() == string.length()) {
      return new Text(whole, ends, tags, markup);
    }
    var out = new TextBuilder(context);
    forEachRun((start, end, t) -> out.append(change.apply(string.substring(start, end)), t));
    Text mapped = out.toText();
    // A change that looks across the borders of runs would differ; then the sources are dropped.
    return mapped.string.equals(whole)
        ? mapped.withMarkup(markup)
        : new Text(whole, Tags.NONE, markup);
  }

  @Override
  public long tag() {
    return tag;
  }

  @Override
  public String typeName() {
    return markup ? "Markup" : "str";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Text text && string.equals(text.string);
  }

  @Override
  public int hashCode() {
    return string.hashCode();
  }

  /** By code points, as Python does; the result is -1, 0 or 1. */
  @Override
  public int compareTo(Text other) {
    String a = string;
    String b = other.string;
    int shared = Math.min(a.length(), b.length());
    for (int i = 0; i < shared; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean xs = Character.isSurrogate(x);
        boolean ys = Character.isSurrogate(y);
        return xs == ys ? (x < y ? -1 : 1) : (xs ? 1 : -1);
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  @Override
  public String toString() {
    return string;
  }
}
