package dev.graft.text.template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code tojson} filter as {@code transformers} defines it: Python's {@code json.dumps} with
 * {@code ensure_ascii} off unless asked for.
 */
final class Json {
  private final Context context;
  private final TextBuilder out;
  private final boolean ascii;
  private final boolean sorted;
  private final @Nullable String indent;
  private final Text itemSeparator;
  private final Text keySeparator;

  private Json(Context context, Args args) {
    this.context = context;
    this.out = new TextBuilder(context);
    this.ascii = args.flag(0, "ensure_ascii");
    this.sorted = args.flag(3, "sort_keys");
    Value width = args.or(1, "indent", Value.None.NONE);
    if (width == Value.None.NONE) {
      indent = null;
    } else if (width instanceof Text text) {
      indent = text.string;
    } else {
      long spaces = Math.max(Numbers.index(width), 0);
      context.allocate(spaces);
      indent = " ".repeat((int) spaces);
    }
    Value separators = args.or(2, "separators", Value.None.NONE);
    if (separators == Value.None.NONE) {
      itemSeparator = Text.of(indent == null ? ", " : ",");
      keySeparator = Text.of(": ");
    } else {
      List<Value> pair = Values.items(context, separators);
      if (pair.size() != 2
          || !(pair.get(0) instanceof Text a)
          || !(pair.get(1) instanceof Text b)) {
        throw new TemplateException("separators must be two strings");
      }
      itemSeparator = a;
      keySeparator = b;
    }
  }

  /** The filter; its arguments are ensure_ascii, indent, separators and sort_keys. */
  static Value dumps(Context context, Value value, Args args) {
    var json = new Json(context, args);
    json.write(value, 0);
    return json.out.toText();
  }

  private void write(Value value, int level) {
    context.step();
    switch (value) {
      case Text text -> string(text);
      case Value.None n -> out.append("null");
      case Value.Bool b -> out.append(b.value() ? "true" : "false", b.tag());
      case Value.Int i -> out.append(Long.toString(i.value()), i.tag());
      case Value.BigInt b -> out.append(b.value().toString(), b.tag());
      case Value.Real r -> out.append(real(r.value()), r.tag());
      case Value.Seq seq -> list(seq, level);
      case Value.Dict dict -> mapping(dict, level);
      default ->
          throw new TemplateException(
              "Object of type " + value.typeName() + " is not JSON serializable");
    }
  }

  private static String real(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    return Numbers.repr(value);
  }

  private void list(Value.Seq seq, int level) {
    long tag = seq.tag();
    out.append("[", tag);
    boolean first = true;
    for (Value item : seq.items) {
      separate(first, level + 1, tag);
      first = false;
      write(item, level + 1);
    }
    close(first, "]", level, tag);
  }

  private void mapping(Value.Dict dict, int level) {
    long tag = dict.tag();
    out.append("{", tag);
    boolean first = true;
    for (Map.Entry<Value, Value> entry : entries(dict)) {
      separate(first, level + 1, tag);
      first = false;
      string(key(entry.getKey()));
      out.append(keySeparator.string, tag);
      write(entry.getValue(), level + 1);
    }
    close(first, "}", level, tag);
  }

  private List<Map.Entry<Value, Value>> entries(Value.Dict dict) {
    var entries = new ArrayList<>(dict.entries.entrySet());
    if (sorted) {
      Comparator<Value> order = (a, b) -> Values.compare(context, a, b);
      entries.sort(Map.Entry.comparingByKey(order));
    }
    return entries;
  }

  private static Text key(Value key) {
    return switch (key) {
      case Text text -> text;
      case Value.None n -> Text.of("null");
      case Value.Bool b -> Text.of(b.value() ? "true" : "false", b.tag());
      case Value.Int i -> Text.of(Long.toString(i.value()), i.tag());
      case Value.Real r -> Text.of(real(r.value()), r.tag());
      default ->
          throw new TemplateException(
              "keys must be str, int, float, bool or None, not " + key.typeName());
    };
  }

  private void separate(boolean first, int level, long tag) {
    if (!first) {
      out.append(itemSeparator.string, tag);
    }
    newline(level, tag);
  }

  private void close(boolean empty, String sign, int level, long tag) {
    if (!empty) {
      newline(level, tag);
    }
    out.append(sign, tag);
  }

  private void newline(int level, long tag) {
    if (indent != null) {
      out.append("\n", tag);
      for (int i = 0; i < level; i++) {
        out.append(indent, tag);
      }
    }
  }

  private void string(Text text) {
    long tag = text.isUniform() ? text.tag() : Tags.NONE;
    out.append("\"", tag);
    text.forEachRun((start, end, t) -> escaped(text.string, start, end, t));
    out.append("\"", tag);
  }

  private void escaped(String s, int start, int end, long tag) {
    int from = start;
    for (int i = start; i < end; i++) {
      char c = s.charAt(i);
      if (c >= ' ' && c != '"' && c != '\\' && (c < 0x7f || !ascii)) {
        continue;
      }
      out.append(s.substring(from, i), tag);
      out.append(escape(c), tag);
      from = i + 1;
    }
    out.append(s.substring(from, end), tag);
  }

  private static String escape(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      default -> String.format("\\u%04x", (int) c);
    };
  }
}
