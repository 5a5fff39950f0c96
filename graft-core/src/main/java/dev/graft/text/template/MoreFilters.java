package dev.graft.text.template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Filters of Jinja that chat templates hardly use. */
final class MoreFilters {
  private static final Pattern NO_KEY = Pattern.compile("[\\s/>=]");
  private static final int PRINT_WIDTH = 80;

  private MoreFilters() {}

  static void addTo(Filter.Table table) {
    table
        .add("xmlattr", MoreFilters::xmlAttributes, "autospace")
        .add("random", MoreFilters::random)
        .add("pprint", (c, v, a) -> Text.of(printed(c, v, 0)))
        .add(
            "wordwrap",
            MoreFilters::wordWrap,
            "width",
            "break_long_words",
            "wrapstring",
            "break_on_hyphens");
  }

  private static Value xmlAttributes(Context context, Value value, Args args) {
    if (!(value instanceof Value.Dict dict)) {
      throw new TemplateException("xmlattr needs a mapping, not " + value.typeName());
    }
    List<Text> parts = new ArrayList<>();
    dict.entries.forEach((key, item) -> {
      if (item == Value.None.NONE || item instanceof Value.Undefined) {
        return;
      }
      Text name = Repr.str(context, key);
      if (NO_KEY.matcher(name.string).find()) {
        throw new TemplateException("Invalid character in attribute name: '" + name + "'");
      }
      parts.add(
          new TextBuilder(context)
              .append(Escaping.escape(context, name))
              .append("=\"")
              .append(Escaping.escape(context, Repr.str(context, item)))
              .append("\"")
              .toText());
    });
    var out = new TextBuilder(context);
    boolean space = args.find(0, "autospace") == null || args.flag(0, "autospace");
    for (int i = 0; i < parts.size(); i++) {
      out.append(i > 0 || space ? " " : "").append(parts.get(i));
    }
    return out.toText();
  }

  /** Always the same choice for the same number of items: a rendering can be repeated. */
  private static Value random(Context context, Value value, Args args) {
    if (value instanceof Value.Undefined) {
      return value;
    }
    if (value instanceof Value.Dict || value instanceof Value.Lazy) {
      throw new TemplateException("random needs a sequence, not " + value.typeName());
    }
    List<Value> items = Values.items(context, value);
    if (items.isEmpty()) {
      return Value.Undefined.because("No random item, sequence was empty.");
    }
    return items.get(new java.util.SplittableRandom(items.size()).nextInt(items.size()));
  }

  /** As Python's {@code pprint}, but long strings stay in one piece. */
  private static String printed(Context context, Value value, int indent) {
    context.enter();
    Value sorted = sorted(context, value);
    String plain = Repr.repr(context, sorted).string;
    if (indent + plain.length() > PRINT_WIDTH) {
      if (sorted instanceof Value.Seq seq && !seq.items.isEmpty()) {
        List<String> parts = new ArrayList<>();
        for (Value item : seq.items) {
          parts.add(printed(context, item, indent + 1));
        }
        String end = seq.tuple ? parts.size() == 1 ? ",)" : ")" : "]";
        plain = joined(context, seq.tuple ? "(" : "[", parts, indent) + end;
      } else if (sorted instanceof Value.Dict dict && !dict.entries.isEmpty()) {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<Value, Value> entry : dict.entries.entrySet()) {
          String key = Repr.repr(context, entry.getKey()).string + ": ";
          parts.add(key + printed(context, entry.getValue(), indent + 1 + key.length()));
        }
        plain = joined(context, "{", parts, indent) + "}";
      }
    }
    context.leave();
    return plain;
  }

  private static String joined(Context context, String open, List<String> parts, int indent) {
    String between = ",\n" + " ".repeat(indent + 1);
    context.allocate(parts.stream().mapToLong(p -> p.length() + between.length()).sum());
    return open + String.join(between, parts);
  }

  private static Value sorted(Context context, Value value) {
    if (!(value instanceof Value.Dict dict)) {
      return value;
    }
    context.charge(dict.entries.size() + 1L);
    List<Map.Entry<Value, Value>> entries = new ArrayList<>(dict.entries.entrySet());
    try {
      entries.sort(
          Comparator.comparing(
              Map.Entry::getKey, (a, b) -> Integer.signum(Values.compare(context, a, b))));
    } catch (TemplateException keysOfSeveralTypes) {
      return value;
    }
    var map = new LinkedHashMap<Value, Value>();
    entries.forEach(entry -> map.put(entry.getKey(), sorted(context, entry.getValue())));
    return Value.Dict.of(map);
  }

  private static Value wordWrap(Context context, Value value, Args args) {
    Text text = TextFilters.needText(value);
    long width = args.integer(0, "width", 79);
    if (width <= 0) {
      throw new TemplateException("invalid width " + width + " (must be > 0)");
    }
    boolean breakLong =
        args.find(1, "break_long_words") == null || args.flag(1, "break_long_words");
    boolean hyphens = args.find(3, "break_on_hyphens") == null || args.flag(3, "break_on_hyphens");
    Text separator = args.textOrNone(2, "wrapstring");
    String wrap = separator == null ? "\n" : separator.string;
    context.charge(4L * text.length());
    List<String> lines = new ArrayList<>();
    for (Value line : SplitMethods.lines(context, text, false)) {
      var wrapped = new LineWrap((int) Math.min(width, Integer.MAX_VALUE), breakLong, hyphens);
      lines.add(String.join(wrap, wrapped.wrap(((Text) line).string)));
    }
    context.allocate(lines.stream().mapToLong(line -> line.length() + wrap.length()).sum());
    return Text.of(String.join(wrap, lines));
  }
}
