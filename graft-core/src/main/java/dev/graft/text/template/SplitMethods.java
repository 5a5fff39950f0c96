package dev.graft.text.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The methods of Python's {@code str} that cut a string into pieces. */
final class SplitMethods {
  private SplitMethods() {}

  static void addTo(Filter.Table table) {
    table
        .add("split", (c, s, a) -> split(c, s, a, false), "sep", "maxsplit")
        .add("rsplit", (c, s, a) -> split(c, s, a, true), "sep", "maxsplit")
        .add("splitlines", SplitMethods::splitLines, "keepends")
        .add("partition", (c, s, a) -> partition(s, a, false), "sep")
        .add("rpartition", (c, s, a) -> partition(s, a, true), "sep");
  }

  private static Value split(Context context, Value self, Args args, boolean fromRight) {
    Text text = StringMethods.text(self);
    Text separator = args.textOrNone(0, "sep");
    long limit = args.integer(1, "maxsplit", -1);
    if (limit < 0) {
      limit = Long.MAX_VALUE;
    }
    return Value.Seq.list(split(context, text, separator, limit, fromRight));
  }

  static List<Value> split(
      Context context, Text text, @Nullable Text separator, long limit, boolean fromRight) {
    context.charge(text.length() >> 5);
    if (separator != null && separator.isEmpty()) {
      throw new TemplateException("empty separator");
    }
    var pieces = new ArrayList<Value>();
    if (separator == null) {
      splitSpace(context, text, limit, fromRight, pieces);
    } else if (fromRight) {
      splitRight(context, text, separator.string, limit, pieces);
    } else {
      splitLeft(context, text, separator.string, limit, pieces);
    }
    return fromRight ? pieces.reversed() : pieces;
  }

  private static void piece(Context context, Text text, int from, int to, List<Value> pieces) {
    context.allocate(1, 32);
    pieces.add(text.substring(from, to));
  }

  private static void splitLeft(
      Context context, Text text, String separator, long limit, List<Value> pieces) {
    int from = 0;
    int at = text.string.indexOf(separator);
    while (at >= 0 && pieces.size() < limit) {
      piece(context, text, from, at, pieces);
      from = at + separator.length();
      at = text.string.indexOf(separator, from);
    }
    piece(context, text, from, text.length(), pieces);
  }

  private static void splitRight(
      Context context, Text text, String separator, long limit, List<Value> pieces) {
    int to = text.length();
    int at = text.string.lastIndexOf(separator);
    while (at >= 0 && pieces.size() < limit) {
      piece(context, text, at + separator.length(), to, pieces);
      to = at;
      at =
          to < separator.length()
              ? -1
              : text.string.lastIndexOf(separator, to - separator.length());
    }
    piece(context, text, 0, to, pieces);
  }

  private static void splitSpace(
      Context context, Text text, long limit, boolean fromRight, List<Value> pieces) {
    Text rest = StringMethods.strip(context, text, null, 3);
    String s = rest.string;
    int low = 0;
    int high = s.length();
    while (low < high && pieces.size() < limit) {
      int cut = fromRight ? lastSpace(s, low, high) : firstSpace(s, low, high);
      if (cut < 0) {
        break;
      }
      if (fromRight) {
        piece(context, rest, cut + 1, high, pieces);
        high = cut;
        while (high > low && Strings.isSpace(s.charAt(high - 1))) {
          high--;
        }
      } else {
        piece(context, rest, low, cut, pieces);
        low = Strings.skipSpace(s, cut);
      }
    }
    if (low < high) {
      // What is left keeps the white space at its far end, which strip took from this copy.
      int offset = Strings.skipSpace(text.string, 0);
      boolean limited = pieces.size() >= limit;
      int from = limited && fromRight ? 0 : low + offset;
      int to = limited && !fromRight ? text.length() : high + offset;
      piece(context, text, from, to, pieces);
    }
  }

  private static int firstSpace(String s, int low, int high) {
    for (int i = low; i < high; i++) {
      if (Strings.isSpace(s.charAt(i))) {
        return i;
      }
    }
    return -1;
  }

  private static int lastSpace(String s, int low, int high) {
    for (int i = high - 1; i >= low; i--) {
      if (Strings.isSpace(s.charAt(i))) {
        return i;
      }
    }
    return -1;
  }

  private static Value splitLines(Context context, Value self, Args args) {
    return Value.Seq.list(lines(context, StringMethods.text(self), args.flag(0, "keepends")));
  }

  static List<Value> lines(Context context, Text text, boolean keepEnds) {
    var lines = new ArrayList<Value>();
    String s = text.string;
    int from = 0;
    for (int i = 0; i < s.length(); i++) {
      if (!Strings.isLineBreak(s.charAt(i))) {
        continue;
      }
      boolean pair = s.charAt(i) == '\r' && i + 1 < s.length() && s.charAt(i + 1) == '\n';
      int end = pair ? i + 2 : i + 1;
      piece(context, text, from, keepEnds ? end : i, lines);
      from = end;
      i = end - 1;
    }
    if (from < s.length()) {
      piece(context, text, from, s.length(), lines);
    }
    return lines;
  }

  private static Value partition(Value self, Args args, boolean fromRight) {
    Text text = StringMethods.text(self);
    Text separator = args.text(0, "sep");
    if (separator.isEmpty()) {
      throw new TemplateException("empty separator");
    }
    String s = text.string;
    int at = fromRight ? s.lastIndexOf(separator.string) : s.indexOf(separator.string);
    if (at < 0) {
      return fromRight
          ? Value.Seq.tuple(Text.EMPTY, Text.EMPTY, text)
          : Value.Seq.tuple(text, Text.EMPTY, Text.EMPTY);
    }
    int end = at + separator.length();
    return Value.Seq.tuple(
        text.substring(0, at), text.substring(at, end), text.substring(end, text.length()));
  }
}
