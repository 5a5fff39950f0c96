package dev.graft.text.template;

import org.jspecify.annotations.Nullable;

/** The methods of Python's {@code str} that look for a string; positions count code points. */
final class SearchMethods {
  private SearchMethods() {}

  static void addTo(Filter.Table table) {
    String[] parameters = {"sub", "start", "end"};
    table
        .add("find", (c, s, a) -> Value.Int.of(find(c, s, a, false)), parameters)
        .add("rfind", (c, s, a) -> Value.Int.of(find(c, s, a, true)), parameters)
        .add("index", (c, s, a) -> Value.Int.of(found(find(c, s, a, false))), parameters)
        .add("rindex", (c, s, a) -> Value.Int.of(found(find(c, s, a, true))), parameters)
        .add("count", SearchMethods::count, parameters);
  }

  private static long found(long at) {
    if (at < 0) {
      throw new TemplateException("substring not found");
    }
    return at;
  }

  /** The part of a text between the optional arguments start (second) and end (third). */
  static Text window(Text text, Args args) {
    Value start = args.find(1, "start");
    Value end = args.find(2, "end");
    if (start == null && end == null) {
      return text;
    }
    long size = text.codePoints();
    int from = place(start, 0, size);
    int to = place(end, size, size);
    if (from >= to) {
      return Text.EMPTY;
    }
    int low = text.string.offsetByCodePoints(0, from);
    return text.substring(low, text.string.offsetByCodePoints(low, to - from));
  }

  /** Not even an empty text is found there. */
  private static boolean pastEnd(Text text, Args args) {
    Value start = args.find(1, "start");
    if (start == null || start == Value.None.NONE) {
      return false;
    }
    long size = text.codePoints();
    return Numbers.index(start) > size
        || place(start, 0, size) > place(args.find(2, "end"), size, size);
  }

  private static int place(@Nullable Value value, long otherwise, long size) {
    if (value == null || value == Value.None.NONE) {
      return (int) otherwise;
    }
    long index = Numbers.index(value);
    return (int) Math.clamp(index < 0 ? index + size : index, 0, size);
  }

  private static long find(Context context, Value self, Args args, boolean last) {
    Text text = StringMethods.text(self);
    context.charge(text.length() >> 4);
    Text window = window(text, args);
    String part = args.text(0, "sub").string;
    if (pastEnd(text, args)) {
      return -1;
    }
    int at = last ? window.string.lastIndexOf(part) : window.string.indexOf(part);
    if (at < 0) {
      return -1;
    }
    Value start = args.find(1, "start");
    long base = place(start, 0, text.codePoints());
    return base + window.string.codePointCount(0, at);
  }

  private static Value count(Context context, Value self, Args args) {
    Text window = window(StringMethods.text(self), args);
    String part = args.text(0, "sub").string;
    context.charge(window.length() >> 4);
    if (pastEnd(StringMethods.text(self), args)) {
      return Value.Int.of(0);
    }
    if (part.isEmpty()) {
      return Value.Int.of(window.codePoints() + 1L);
    }
    long count = 0;
    int at = window.string.indexOf(part);
    while (at >= 0) {
      count++;
      at = window.string.indexOf(part, at + part.length());
    }
    return Value.Int.of(count);
  }
}
