package dev.graft.text.template;

/** Python's {@code str.format}, as the sandbox of Jinja runs it. */
final class BraceFormat {
  private static final int MAX_DEPTH = 2;

  private final Context context;
  private final Args args;
  private final boolean markup;
  private int automatic;

  private BraceFormat(Context context, Args args, boolean markup) {
    this.context = context;
    this.args = args;
    this.markup = markup;
  }

  static Text format(Context context, Text format, Args args) {
    var run = new BraceFormat(context, args, format.markup);
    return run.expand(format, MAX_DEPTH).withMarkup(format.markup);
  }

  private Text expand(Text format, int depth) {
    if (depth < 0) {
      throw new TemplateException("Max string recursion exceeded");
    }
    var out = new TextBuilder(context);
    String s = format.string;
    int i = 0;
    while (i < s.length()) {
      char c = s.charAt(i);
      if (c != '{' && c != '}') {
        int end = i;
        while (end < s.length() && s.charAt(end) != '{' && s.charAt(end) != '}') {
          end++;
        }
        out.append(format, i, end);
        i = end;
      } else if (i + 1 < s.length() && s.charAt(i + 1) == c) {
        out.append(format, i, i + 1);
        i += 2;
      } else if (c == '}') {
        throw new TemplateException("Single '}' encountered in format string");
      } else {
        int close = closing(s, i);
        out.append(field(format.substring(i + 1, close), depth));
        i = close + 1;
      }
    }
    return out.toText();
  }

  private static int closing(String s, int open) {
    int depth = 0;
    for (int i = open; i < s.length(); i++) {
      if (s.charAt(i) == '{') {
        depth++;
      } else if (s.charAt(i) == '}' && --depth == 0) {
        return i;
      }
    }
    throw new TemplateException("expected '}' before end of string");
  }

  private Text field(Text field, int depth) {
    String s = field.string;
    int nameEnd = 0;
    boolean bracket = false;
    while (nameEnd < s.length()) {
      char c = s.charAt(nameEnd);
      bracket = c == '[' || (bracket && c != ']');
      if (!bracket && (c == ':' || c == '!')) {
        break;
      }
      nameEnd++;
    }
    Value value = lookup(s.substring(0, nameEnd));
    int next = nameEnd;
    if (next < s.length() && s.charAt(next) == '!') {
      value = converted(value, next + 1 < s.length() ? s.charAt(next + 1) : ' ');
      next += 2;
      if (next < s.length() && s.charAt(next) != ':') {
        throw new TemplateException("expected ':' after conversion specifier");
      }
    }
    String spec = "";
    if (next < s.length()) {
      spec = expand(field.substring(next + 1, s.length()), depth - 1).string;
    }
    Text text = formatted(value, spec);
    return markup ? Escaping.escape(context, text) : text;
  }

  private Text formatted(Value value, String spec) {
    if (spec.isEmpty()) {
      return Repr.str(context, value);
    }
    if (!(value instanceof Text) && !Numbers.isNumber(value)) {
      throw new TemplateException(
          "unsupported format string passed to " + value.typeName() + ".__format__");
    }
    return FormatSpec.parse(spec).apply(context, value);
  }

  private Value converted(Value value, char how) {
    return switch (how) {
      case 's' -> Repr.str(context, value);
      case 'r' -> Repr.repr(context, value);
      case 'a' -> Repr.ascii(context, value);
      default -> throw new TemplateException("Unknown conversion specifier '" + how + "'");
    };
  }

  private Value lookup(String path) {
    int end = 0;
    while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
      end++;
    }
    Value value = first(path.substring(0, end));
    while (end < path.length()) {
      int start = end + 1;
      if (path.charAt(end) == '.') {
        end = start;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
          end++;
        }
        value = Access.attribute(context, value, path.substring(start, end));
      } else {
        end = path.indexOf(']', start);
        if (end < 0) {
          throw new TemplateException("Missing ']' in format string");
        }
        value = Access.item(context, value, key(path.substring(start, end)));
        end++;
      }
    }
    return value;
  }

  private static Value key(String key) {
    Value number =
        !key.isEmpty() && key.chars().allMatch(c -> c >= '0' && c <= '9')
            ? Numbers.parseInteger(key, 10)
            : null;
    return number != null ? number : Text.of(key);
  }

  private Value first(String name) {
    boolean digits = name.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits) {
      Value value = args.named().get(name);
      if (value == null) {
        throw new TemplateException("format() has no argument '" + name + "'");
      }
      return value;
    }
    if (name.isEmpty() ? automatic < 0 : automatic > 0) {
      throw new TemplateException("cannot switch between manual and automatic field numbering");
    }
    int index;
    if (name.isEmpty()) {
      index = automatic++;
    } else {
      automatic = -1;
      index = name.length() > 6 ? Integer.MAX_VALUE : Integer.parseInt(name);
    }
    if (index >= args.positional().size()) {
      throw new TemplateException(
          "Replacement index " + index + " out of range for positional args tuple");
    }
    return args.positional().get(index);
  }
}
