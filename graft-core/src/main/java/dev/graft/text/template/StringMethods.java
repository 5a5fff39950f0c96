package dev.graft.text.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The methods of Python's {@code str}; sources of characters are kept. */
final class StringMethods {
  static final Map<String, Filter> ALL = build();

  private StringMethods() {}

  private static Map<String, Filter> build() {
    var table =
        new Filter.Table()
            .add("upper", (c, s, a) -> upper(c, text(s)))
            .add("lower", (c, s, a) -> lower(c, text(s)))
            .add("casefold", (c, s, a) -> casefold(c, text(s)))
            .add("title", (c, s, a) -> title(c, text(s)))
            .add("capitalize", (c, s, a) -> capitalize(c, text(s)))
            .add("swapcase", (c, s, a) -> text(s).map(c, StringMethods::swapCase))
            .add("strip", (c, s, a) -> strip(c, text(s), a.textOrNone(0, "chars"), 3), "chars")
            .add("lstrip", (c, s, a) -> strip(c, text(s), a.textOrNone(0, "chars"), 1), "chars")
            .add("rstrip", (c, s, a) -> strip(c, text(s), a.textOrNone(0, "chars"), 2), "chars")
            .add("removeprefix", StringMethods::removePrefix, "prefix")
            .add("removesuffix", StringMethods::removeSuffix, "suffix")
            .add("startswith", (c, s, a) -> edge(text(s), a, true), "prefix", "start", "end")
            .add("endswith", (c, s, a) -> edge(text(s), a, false), "suffix", "start", "end")
            .add("replace", StringMethods::replace, "old", "new", "count")
            .add("join", StringMethods::join, "iterable")
            .add("center", (c, s, a) -> pad(c, text(s), a, '^'), "width", "fillchar")
            .add("ljust", (c, s, a) -> pad(c, text(s), a, '<'), "width", "fillchar")
            .add("rjust", (c, s, a) -> pad(c, text(s), a, '>'), "width", "fillchar")
            .add("zfill", StringMethods::zfill, "width")
            .add("expandtabs", StringMethods::expandTabs, "tabsize")
            .addOpen("format", (c, s, a) -> BraceFormat.format(c, text(s), a))
            .add("format_map", StringMethods::formatMap, "mapping");
    SplitMethods.addTo(table);
    SearchMethods.addTo(table);
    addTests(table);
    return table.build();
  }

  private static void addTests(Filter.Table table) {
    table
        .add("isalpha", (c, s, a) -> all(c, s, Character::isLetter))
        .add("isdigit", (c, s, a) -> all(c, s, StringMethods::digit))
        .add("isdecimal", (c, s, a) -> all(c, s, Character::isDigit))
        .add("isnumeric", (c, s, a) -> all(c, s, StringMethods::numeric))
        .add("isalnum", (c, s, a) -> all(c, s, i -> Character.isLetter(i) || numeric(i)))
        .add("isspace", (c, s, a) -> all(c, s, Strings::isSpace))
        .add("isascii", (c, s, a) -> Value.Bool.of(text(s).string.chars().allMatch(i -> i < 128)))
        .add("islower", (c, s, a) -> Value.Bool.of(isLower(text(s).string)))
        .add("isupper", (c, s, a) -> Value.Bool.of(isUpper(text(s).string)))
        .add("istitle", (c, s, a) -> Value.Bool.of(isTitle(text(s).string)))
        .add(
            "isprintable",
            (c, s, a) -> Value.Bool.of(text(s).string.codePoints().allMatch(Repr::printable)))
        .add("isidentifier", (c, s, a) -> Value.Bool.of(isIdentifier(text(s).string)));
  }

  static Text text(Value value) {
    return (Text) value;
  }

  static Text upper(Context context, Text text) {
    return text.map(context, s -> s.toUpperCase(Locale.ROOT));
  }

  static Text lower(Context context, Text text) {
    return text.map(context, s -> s.toLowerCase(Locale.ROOT));
  }

  private static Text casefold(Context context, Text text) {
    return text.map(
        context,
        s -> s.replace("ß", "ss").replace("ẞ", "ss").toLowerCase(Locale.ROOT).replace("ς", "σ"));
  }

  static Text capitalize(Context context, Text text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.string.offsetByCodePoints(0, 1);
    var out = new TextBuilder(context);
    Text head = text.substring(0, first);
    out.append(head.map(context, StringMethods::titleCase));
    out.append(lower(context, text.substring(first, text.length())));
    return out.toText().withMarkup(text.markup);
  }

  /** One character in title case, which can be several: the sharp s becomes "Ss". */
  private static String titleCase(String one) {
    int c = one.codePointAt(0);
    int title = Character.toTitleCase(c);
    if (title != c) {
      return Character.toString(title);
    }
    String upper = one.toUpperCase(Locale.ROOT);
    int first = upper.offsetByCodePoints(0, 1);
    return upper.substring(0, first) + upper.substring(first).toLowerCase(Locale.ROOT);
  }

  private static Text title(Context context, Text text) {
    return text.map(
        context,
        s -> {
          var out = new StringBuilder(s.length());
          boolean inWord = false;
          for (int i = 0; i < s.length(); ) {
            int c = s.codePointAt(i);
            boolean cased = isCased(c);
            if (!cased) {
              out.appendCodePoint(c);
            } else if (inWord) {
              out.append(Character.toString(c).toLowerCase(Locale.ROOT));
            } else {
              out.append(titleCase(Character.toString(c)));
            }
            inWord = cased;
            i += Character.charCount(c);
          }
          return out.toString();
        });
  }

  private static String swapCase(String s) {
    var out = new StringBuilder(s.length());
    s.codePoints()
        .forEach(c ->
            out.append(
                Character.isUpperCase(c)
                    ? Character.toString(c).toLowerCase(Locale.ROOT)
                    : Character.toString(c).toUpperCase(Locale.ROOT)));
    return out.toString();
  }

  /** Strips the left (1), the right (2) or both (3) ends. */
  static Text strip(Context context, Text text, @Nullable Text chars, int sides) {
    context.charge(text.length() >> 5);
    String s = text.string;
    IntPredicate drop = chars == null ? Strings::isSpace : c -> chars.string.indexOf(c) >= 0;
    int from = 0;
    int to = s.length();
    while ((sides & 1) != 0 && from < to && drop.test(s.codePointAt(from))) {
      from += Character.charCount(s.codePointAt(from));
    }
    while ((sides & 2) != 0 && to > from && drop.test(s.codePointBefore(to))) {
      to -= Character.charCount(s.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  private static Value removePrefix(Context context, Value self, Args args) {
    Text text = text(self);
    String prefix = args.text(0, "prefix").string;
    return text.string.startsWith(prefix) ? text.substring(prefix.length(), text.length()) : text;
  }

  private static Value removeSuffix(Context context, Value self, Args args) {
    Text text = text(self);
    String suffix = args.text(0, "suffix").string;
    return !suffix.isEmpty() && text.string.endsWith(suffix)
        ? text.substring(0, text.length() - suffix.length())
        : text;
  }

  private static Value edge(Text text, Args args, boolean start) {
    Value wanted = args.need(0, start ? "prefix" : "suffix");
    Text window = SearchMethods.window(text, args);
    List<Value> choices =
        wanted instanceof Value.Seq seq && seq.tuple ? seq.items : List.of(wanted);
    for (Value choice : choices) {
      if (!(choice instanceof Text part)) {
        throw new TemplateException(
            (start ? "startswith" : "endswith")
                + " first arg must be str or a tuple of str, not "
                + choice.typeName());
      }
      String s = window.string;
      if (start ? s.startsWith(part.string) : s.endsWith(part.string)) {
        return Value.Bool.TRUE;
      }
    }
    return Value.Bool.FALSE;
  }

  private static Value replace(Context context, Value self, Args args) {
    return replace(
        context,
        text(self),
        args.text(0, "old"),
        args.text(1, "new"),
        args.integer(2, "count", -1));
  }

  static Text replace(Context context, Text text, Text old, Text with, long count) {
    long left = count < 0 ? Long.MAX_VALUE : count;
    if (left == 0 || (!old.isEmpty() && !text.string.contains(old.string))) {
      return text;
    }
    var out = new TextBuilder(context);
    int from = 0;
    if (old.isEmpty()) {
      for (; left > 0 && from <= text.length(); left--) {
        out.append(with);
        int next = from < text.length() ? text.string.offsetByCodePoints(from, 1) : from + 1;
        out.append(text, from, Math.min(next, text.length()));
        from = next;
      }
    } else {
      int at = text.string.indexOf(old.string);
      for (; at >= 0 && left > 0; left--) {
        out.append(text, from, at).append(with);
        from = at + old.length();
        at = text.string.indexOf(old.string, from);
      }
    }
    out.append(text, Math.min(from, text.length()), text.length());
    return out.toText().withMarkup(text.markup);
  }

  private static Value join(Context context, Value self, Args args) {
    List<Value> items = Values.items(context, args.need(0, "iterable"));
    for (Value item : items) {
      if (!(item instanceof Text)) {
        throw new TemplateException(
            "sequence item: expected str instance, " + item.typeName() + " found");
      }
    }
    return join(context, text(self), items);
  }

  static Text join(Context context, Text separator, List<Value> items) {
    var out = new TextBuilder(context);
    boolean first = true;
    for (Value item : items) {
      context.step();
      if (!first) {
        out.append(separator);
      }
      first = false;
      Text part = Repr.str(context, item);
      out.append(separator.markup ? Escaping.escape(context, part) : part);
    }
    return out.toText().withMarkup(separator.markup);
  }

  private static Value pad(Context context, Text text, Args args, char align) {
    Text fill = args.find(1, "fillchar") == null ? Text.of(" ") : args.text(1, "fillchar");
    if (fill.codePoints() != 1) {
      throw new TemplateException("The fill character must be exactly one character long");
    }
    return pad(context, text, args.integer(0, "width", 0), fill.string, align);
  }

  static Text pad(Context context, Text text, long width, String fill, char align) {
    long missing = width - text.codePoints();
    if (missing <= 0) {
      return text;
    }
    context.allocate(width);
    int before =
        switch (align) {
          case '<' -> 0;
          case '>' -> (int) missing;
          // Python puts the odd space before when the width is odd as well.
          default -> (int) (missing / 2 + (missing & width & 1));
        };
    var out = new TextBuilder(context);
    out.append(fill.repeat(before)).append(text).append(fill.repeat((int) missing - before));
    return out.toText().withMarkup(text.markup);
  }

  private static Value zfill(Context context, Value self, Args args) {
    Text text = text(self);
    boolean signed = text.string.startsWith("-") || text.string.startsWith("+");
    int head = signed ? 1 : 0;
    long width = args.integer(0, "width", 0) - head;
    var out = new TextBuilder(context);
    out.append(text, 0, head);
    out.append(pad(context, text.substring(head, text.length()), width, "0", '>'));
    return out.toText();
  }

  private static Value expandTabs(Context context, Value self, Args args) {
    long size = args.integer(0, "tabsize", 8);
    var out = new TextBuilder(context);
    Text text = text(self);
    long column = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.string.charAt(i);
      if (c == '\t') {
        long spaces = size <= 0 ? 0 : size - column % size;
        context.allocate(spaces);
        out.append(" ".repeat((int) spaces), text.tagAt(i));
        column += spaces;
      } else {
        out.append(text, i, i + 1);
        column = c == '\n' || c == '\r' ? 0 : column + 1;
      }
    }
    return out.toText();
  }

  private static Value formatMap(Context context, Value self, Args args) {
    if (!(args.need(0, "mapping") instanceof Value.Dict dict)) {
      throw new TemplateException("format_map() argument must be a mapping");
    }
    var named = new java.util.LinkedHashMap<String, Value>();
    dict.entries.forEach((key, value) -> named.put(Repr.str(context, key).string, value));
    return BraceFormat.format(context, text(self), new Args(new ArrayList<>(), named));
  }

  private static Value all(Context context, Value self, IntPredicate test) {
    String s = text(self).string;
    context.charge(s.length() >> 5);
    return Value.Bool.of(!s.isEmpty() && s.codePoints().allMatch(test));
  }

  /** Superscripts and digits in circles are digits too, but not decimal ones. */
  private static boolean digit(int c) {
    return Character.isDigit(c)
        || "²³¹".indexOf(c) >= 0
        || (c >= 0x2070 && c <= 0x2089 && c != 0x2071 && numeric(c))
        || (c >= 0x2460 && c <= 0x2468)
        || (c >= 0x2474 && c <= 0x247C)
        || (c >= 0x2488 && c <= 0x2490)
        || (c >= 0x24F5 && c <= 0x24FD)
        || (c >= 0x2776 && c <= 0x277E)
        || (c >= 0x2780 && c <= 0x2788)
        || (c >= 0x278A && c <= 0x2792);
  }

  private static boolean numeric(int c) {
    int type = Character.getType(c);
    return type == Character.DECIMAL_DIGIT_NUMBER
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER;
  }

  private static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  static boolean isLower(String s) {
    return s.codePoints().anyMatch(StringMethods::isCased)
        && s.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
  }

  static boolean isUpper(String s) {
    return s.codePoints().anyMatch(StringMethods::isCased)
        && s.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
  }

  private static boolean isTitle(String s) {
    boolean inWord = false;
    boolean any = false;
    for (int c : s.codePoints().toArray()) {
      boolean upper = Character.isUpperCase(c) || Character.isTitleCase(c);
      if (upper == inWord && isCased(c)) {
        return false;
      }
      inWord = isCased(c);
      any |= inWord;
    }
    return any;
  }

  private static boolean isIdentifier(String s) {
    return !s.isEmpty()
        && (s.charAt(0) == '_' || Character.isUnicodeIdentifierStart(s.codePointAt(0)))
        && s.codePoints().allMatch(c -> c == '_' || Character.isUnicodeIdentifierPart(c));
  }
}
