package dev.graft.text.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Python's {@code str()} and {@code repr()}. */
final class Repr {
  private Repr() {}

  /** What printing a value shows. */
  static Text str(Context context, Value value) {
    return switch (value) {
      case Text text -> text;
      case Value.Undefined u -> Text.EMPTY;
      default -> repr(context, value);
    };
  }

  static Text repr(Context context, Value value) {
    var out = new TextBuilder(context);
    write(context, value, out);
    return out.toText();
  }

  /** As {@link #repr}, with everything beyond ASCII escaped. */
  static Text ascii(Context context, Value value) {
    Text plain = repr(context, value);
    var out = new TextBuilder(context);
    plain
        .string
        .codePoints()
        .forEach(c -> {
          if (c < 128) {
            out.append(Character.toString(c));
          } else if (c < 256) {
            out.append(String.format("\\x%02x", c));
          } else {
            out.append(String.format(c < 65536 ? "\\u%04x" : "\\U%08x", c));
          }
        });
    return out.toText();
  }

  private static void write(Context context, Value value, TextBuilder out) {
    context.step();
    long tag = value.tag();
    switch (value) {
      case Text text -> quoted(text, out);
      case Value.None n -> out.append("None");
      case Value.Bool b -> out.append(b.value() ? "True" : "False", tag);
      case Value.Int i -> out.append(Long.toString(i.value()), tag);
      case Value.BigInt b -> out.append(b.value().toString(), tag);
      case Value.Real r -> out.append(Numbers.repr(r.value()), tag);
      case Value.Seq seq -> sequence(context, seq, out);
      case Value.Dict dict -> mapping(context, dict, out);
      case Value.DictView view -> {
        out.append(view.typeName()).append("(");
        items(context, Values.viewItems(context, view), Tags.NONE, "[", "]", out);
        out.append(")");
      }
      case Value.Range range -> out.append(range(range));
      case Value.Undefined u -> out.append("Undefined");
      case Value.Namespace namespace -> namespace(context, namespace, out);
      case Value.Lazy lazy -> out.append("<generator object>");
      case Value.Host host -> out.append(host.display());
    }
  }

  private static void namespace(Context context, Value.Namespace namespace, TextBuilder out) {
    // The only value that can contain itself.
    context.enter();
    var entries = new LinkedHashMap<Value, Value>();
    namespace.fields.forEach((name, value) -> entries.put(Text.of(name), value));
    out.append("<Namespace ");
    mapping(context, Value.Dict.of(entries), out);
    out.append(">");
    context.leave();
  }

  private static String range(Value.Range range) {
    String step = range.step() == 1 ? "" : ", " + range.step();
    return "range(" + range.start() + ", " + range.stop() + step + ")";
  }

  private static void sequence(Context context, Value.Seq seq, TextBuilder out) {
    if (!seq.tuple) {
      items(context, seq.items, seq.tag(), "[", "]", out);
    } else {
      items(context, seq.items, seq.tag(), "(", seq.items.size() == 1 ? ",)" : ")", out);
    }
  }

  private static void items(
      Context context, List<Value> items, long tag, String open, String close, TextBuilder out) {
    out.append(open, tag);
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        out.append(", ", tag);
      }
      write(context, items.get(i), out);
    }
    out.append(close, tag);
  }

  private static void mapping(Context context, Value.Dict dict, TextBuilder out) {
    long tag = dict.tag();
    out.append("{", tag);
    boolean first = true;
    for (Map.Entry<Value, Value> entry : dict.entries.entrySet()) {
      if (!first) {
        out.append(", ", tag);
      }
      first = false;
      write(context, entry.getKey(), out);
      out.append(": ", tag);
      write(context, entry.getValue(), out);
    }
    out.append("}", tag);
  }

  private static void quoted(Text text, TextBuilder out) {
    boolean single = text.string.indexOf('\'') >= 0;
    String quote = single && text.string.indexOf('"') < 0 ? "\"" : "'";
    // The quotes belong to the string when all of it has one source.
    long tag = text.isUniform() ? text.tag() : Tags.NONE;
    out.append((text.markup ? "Markup(" : "") + quote, tag);
    text.forEachRun(
        (start, end, t) -> out.append(escaped(text.string, start, end, quote.charAt(0)), t));
    out.append(quote + (text.markup ? ")" : ""), tag);
  }

  private static String escaped(String s, int start, int end, char quote) {
    var out = new StringBuilder(end - start);
    int i = start;
    while (i < end) {
      int c = s.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c == quote) {
            out.append('\\').append(quote);
          } else if ((c >= ' ' && c < 0x7f) || (c > 0x7f && printable(c))) {
            out.appendCodePoint(c);
          } else {
            String form = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
            out.append(String.format(form, c));
          }
        }
      }
    }
    return out.toString();
  }

  /** Python's {@code str.isprintable} for one character. */
  static boolean printable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
