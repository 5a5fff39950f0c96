package dev.graft.text.template;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Filters that make text. */
final class TextFilters {
  private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern TITLE_WORD =
      Pattern.compile("[^-\\s({\\[<]+", Pattern.UNICODE_CHARACTER_CLASS);

  private TextFilters() {}

  static void addTo(Filter.Table table) {
    table
        .add("string", (c, v, a) -> Repr.str(c, v))
        .add("upper", (c, v, a) -> StringMethods.upper(c, Repr.str(c, v)))
        .add("lower", (c, v, a) -> StringMethods.lower(c, Repr.str(c, v)))
        .add("capitalize", (c, v, a) -> StringMethods.capitalize(c, Repr.str(c, v)))
        .add("title", (c, v, a) -> Repr.str(c, v).map(c, TextFilters::title))
        .add(
            "trim",
            (c, v, a) -> StringMethods.strip(c, Repr.str(c, v), a.textOrNone(0, "chars"), 3),
            "chars")
        .add("replace", TextFilters::replace, "old", "new", "count")
        .add("center", TextFilters::center, "width")
        .add("indent", TextFilters::indent, "width", "first", "blank")
        .add("truncate", TextFilters::truncate, "length", "killwords", "end", "leeway")
        .add("wordcount", TextFilters::wordCount)
        .add("striptags", TextFilters::stripTags)
        .add("urlencode", TextFilters::urlEncode)
        .addOpen("format", TextFilters::format);
  }

  private static String title(String s) {
    Matcher words = TITLE_WORD.matcher(s);
    return words.replaceAll(m -> {
      String word = m.group();
      int first = word.offsetByCodePoints(0, 1);
      String changed =
          word.substring(0, first).toUpperCase(Locale.ROOT)
              + word.substring(first).toLowerCase(Locale.ROOT);
      return Matcher.quoteReplacement(changed);
    });
  }

  private static Value replace(Context context, Value value, Args args) {
    Value count = args.or(2, "count", Value.None.NONE);
    return StringMethods.replace(
        context,
        Repr.str(context, value).withMarkup(false),
        Repr.str(context, args.need(0, "old")),
        Repr.str(context, args.need(1, "new")),
        count == Value.None.NONE ? -1 : Numbers.index(count));
  }

  private static Value center(Context context, Value value, Args args) {
    long width = args.integer(0, "width", 80);
    return StringMethods.pad(context, Repr.str(context, value), width, " ", '^');
  }

  static Text needText(Value value) {
    if (value instanceof Text text) {
      return text;
    }
    throw value instanceof Value.Undefined u
        ? u.error()
        : new TemplateException("expected a string, not " + value.typeName());
  }

  private static Value indent(Context context, Value value, Args args) {
    Text text = needText(value);
    Value width = args.or(0, "width", Value.Int.of(4));
    Text margin;
    if (width instanceof Text given) {
      margin = given;
    } else {
      long spaces = Math.max(0, Numbers.index(width));
      context.allocate(spaces);
      margin = Text.of(" ".repeat((int) spaces));
    }
    boolean blank = args.flag(2, "blank");
    Text newline = Text.of("\n");
    // The line end that is added makes a text that ends with one keep it.
    Text whole = new TextBuilder(context).append(text).append(newline).toText();
    var out = new TextBuilder(context);
    boolean first = true;
    for (Value line : SplitMethods.lines(context, whole, false)) {
      if (!first) {
        out.append(newline);
      }
      if (first ? args.flag(1, "first") : blank || !((Text) line).isEmpty()) {
        out.append(margin);
      }
      first = false;
      out.append((Text) line);
    }
    return out.toText().withMarkup(text.markup);
  }

  private static Value truncate(Context context, Value value, Args args) {
    long length = args.integer(0, "length", 255);
    Text end = args.find(2, "end") == null ? Text.of("...") : args.text(2, "end");
    Value given = args.or(3, "leeway", Value.None.NONE);
    long leeway = given == Value.None.NONE ? 5 : Numbers.index(given);
    if (length < end.codePoints() || leeway < 0) {
      throw new TemplateException("truncate: the length must hold the end, the leeway be positive");
    }
    if (Values.size(context, value) <= length + leeway) {
      return value;
    }
    Text text = needText(value);
    int keep = (int) (length - end.codePoints());
    Text cut = text.substring(0, text.string.offsetByCodePoints(0, keep));
    if (!args.flag(1, "killwords")) {
      int space = cut.string.lastIndexOf(' ');
      cut = space < 0 ? cut : cut.substring(0, space);
    }
    return new TextBuilder(context).append(cut).append(end).toText();
  }

  private static Value wordCount(Context context, Value value, Args args) {
    String s = Repr.str(context, value).string;
    context.charge(s.length() >> 2);
    return Value.Int.of(WORD.matcher(s).results().count());
  }

  private static Value stripTags(Context context, Value value, Args args) {
    String s = Repr.str(context, value).string;
    context.charge(s.length());
    var out = new StringBuilder();
    int i = 0;
    while (i < s.length()) {
      int tag = s.indexOf('<', i);
      int close = tag < 0 ? -1 : s.indexOf(s.startsWith("<!--", tag) ? "-->" : ">", tag);
      if (close < 0) {
        break;
      }
      out.append(s, i, tag);
      i = close + (s.startsWith("<!--", tag) ? 3 : 1);
    }
    out.append(s, i, s.length());
    String joined = String.join(" ", words(out.toString()));
    String plain = joined;
    for (String[] entity :
        new String[][] {
          {"&lt;", "<"},
          {"&gt;", ">"},
          {"&#34;", "\""},
          {"&quot;", "\""},
          {"&#39;", "'"},
          {"&amp;", "&"}
        }) {
      plain = plain.replace(entity[0], entity[1]);
    }
    return Text.of(plain);
  }

  private static List<String> words(String s) {
    var words = new ArrayList<String>();
    int i = Strings.skipSpace(s, 0);
    while (i < s.length()) {
      int end = i;
      while (end < s.length() && !Strings.isSpace(s.charAt(end))) {
        end++;
      }
      words.add(s.substring(i, end));
      i = Strings.skipSpace(s, end);
    }
    return words;
  }

  private static Value urlEncode(Context context, Value value, Args args) {
    List<Value> pairs = null;
    if (value instanceof Value.Dict dict) {
      pairs = Values.viewItems(context, new Value.DictView(dict, Value.DictView.Kind.ITEMS));
    } else if (!(value instanceof Text)) {
      pairs = Values.itemsOrNull(context, value);
    }
    if (pairs == null) {
      return Text.of(quote(context, value, false));
    }
    var parts = new ArrayList<String>();
    for (Value pair : pairs) {
      List<Value> halves = Values.items(context, pair);
      if (halves.size() != 2) {
        throw new TemplateException("urlencode needs pairs");
      }
      parts.add(quote(context, halves.get(0), true) + "=" + quote(context, halves.get(1), true));
    }
    return Text.of(String.join("&", parts));
  }

  private static String quote(Context context, Value value, boolean query) {
    byte[] bytes = Repr.str(context, value).string.getBytes(StandardCharsets.UTF_8);
    context.allocate(bytes.length, 3);
    String plain = query ? "_.-~" : "_.-~/";
    var out = new StringBuilder();
    for (byte b : bytes) {
      boolean letter = b > 0 && Character.isLetterOrDigit(b);
      if (letter || plain.indexOf(b) >= 0) {
        out.append((char) b);
      } else if (query && b == ' ') {
        out.append('+');
      } else {
        out.append(String.format("%%%02X", b & 0xff));
      }
    }
    return out.toString();
  }

  private static Value format(Context context, Value value, Args args) {
    if (!args.positional().isEmpty() && !args.named().isEmpty()) {
      throw new TemplateException("can't handle positional and keyword arguments at the same time");
    }
    Text format = Repr.str(context, value);
    if (args.named().isEmpty()) {
      return PercentFormat.format(context, format, Value.Seq.tuple(args.positional()));
    }
    Value named = Value.Dict.of(Functions.entries(context, args));
    return PercentFormat.format(context, format, named);
  }
}
