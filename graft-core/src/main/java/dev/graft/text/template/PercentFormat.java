package dev.graft.text.template;

import java.util.List;

/** Python's {@code "..." % values}. */
final class PercentFormat {
  private final Context context;
  private final Text format;
  private final Value arguments;
  private final List<Value> list;
  private final TextBuilder out;
  private int used;
  private int position;

  private PercentFormat(Context context, Text format, Value arguments) {
    this.context = context;
    this.format = format;
    this.arguments = arguments;
    this.list = arguments instanceof Value.Seq seq && seq.tuple ? seq.items : List.of(arguments);
    this.out = new TextBuilder(context);
  }

  static Text format(Context context, Text format, Value arguments) {
    var run = new PercentFormat(context, format, arguments);
    run.run();
    return run.out.toText().withMarkup(format.markup);
  }

  private void run() {
    String s = format.string;
    while (position < s.length()) {
      int at = s.indexOf('%', position);
      if (at < 0) {
        at = s.length();
      }
      out.append(format, position, at);
      position = at + 1;
      if (at < s.length()) {
        directive();
      }
    }
    if (used < list.size() && !(arguments instanceof Value.Dict) && !unusedIsFine()) {
      throw new TemplateException("not all arguments converted during string formatting");
    }
  }

  /** Python accepts a single unused argument that is a mapping or has items. */
  private boolean unusedIsFine() {
    return (arguments instanceof Value.Seq seq && !seq.tuple)
        || arguments instanceof Value.Undefined
        || arguments instanceof Value.Range;
  }

  private char peek() {
    if (position >= format.length()) {
      throw new TemplateException("incomplete format");
    }
    return format.string.charAt(position);
  }

  private void directive() {
    Value named = null;
    if (peek() == '(') {
      named = byName();
    }
    boolean left = false;
    boolean zero = false;
    boolean alternate = false;
    char sign = '-';
    while ("-+ #0".indexOf(peek()) >= 0) {
      char flag = format.string.charAt(position++);
      left |= flag == '-';
      zero |= flag == '0';
      alternate |= flag == '#';
      sign = flag == '+' || (flag == ' ' && sign == '-') ? flag : sign;
    }
    long width = number();
    int precision = -1;
    if (peek() == '.') {
      position++;
      precision = (int) number();
    }
    while ("hlL".indexOf(peek()) >= 0) {
      position++;
    }
    char type = format.string.charAt(position++);
    if (type == '%') {
      out.append("%");
      return;
    }
    if (width < 0) {
      left = true;
      width = -width;
    }
    Value value = named != null ? named : next();
    char align = left ? '<' : zero && "sra".indexOf(type) < 0 ? '=' : '>';
    String fill = align == '=' ? "0" : " ";
    var spec = new FormatSpec(fill, align, sign, alternate, width, ' ', precision, type);
    out.append(convert(spec, value));
  }

  private Value byName() {
    int close = format.string.indexOf(')', position);
    if (close < 0) {
      throw new TemplateException("incomplete format key");
    }
    if (!(arguments instanceof Value.Dict dict)) {
      throw new TemplateException("format requires a mapping");
    }
    String name = format.string.substring(position + 1, close);
    position = close + 1;
    Value value = dict.get(name);
    if (value == null) {
      throw new TemplateException("no key '" + name + "' to format");
    }
    return value;
  }

  private Value next() {
    if (used >= list.size()) {
      throw new TemplateException("not enough arguments for format string");
    }
    return list.get(used++);
  }

  private long number() {
    if (peek() == '*') {
      position++;
      return Math.clamp(Numbers.index(next()), -1_000_000_000L, 1_000_000_000L);
    }
    long number = 0;
    while (Character.isDigit(peek())) {
      number = number * 10 + Character.digit(format.string.charAt(position++), 10);
      if (number > 1_000_000_000L) {
        throw new TemplateException("width too big");
      }
    }
    return number;
  }

  private Text convert(FormatSpec spec, Value value) {
    return switch (spec.type()) {
      case 's' -> string(spec, escaped(Repr.str(context, value)));
      case 'r' -> string(spec, escaped(Repr.repr(context, value)));
      case 'a' -> string(spec, escaped(Repr.ascii(context, value)));
      case 'd', 'i', 'u' -> whole(spec, value, 'd');
      case 'x', 'X', 'o' -> whole(spec, value, spec.type());
      case 'c' -> character(spec, value);
      case 'e', 'E', 'f', 'F', 'g', 'G' -> spec.apply(context, number(value));
      default -> throw new TemplateException("unsupported format character '" + spec.type() + "'");
    };
  }

  private Text escaped(Text text) {
    return format.markup ? Escaping.escape(context, text) : text;
  }

  private Text string(FormatSpec spec, Text text) {
    Text cut = text;
    if (spec.precision() >= 0 && spec.precision() < text.codePoints()) {
      cut = text.substring(0, text.string.offsetByCodePoints(0, spec.precision()));
    }
    return StringMethods.pad(context, cut, spec.width(), " ", spec.align());
  }

  private Value number(Value value) {
    return Value.Real.of(Numbers.real(value));
  }

  private Text whole(FormatSpec spec, Value value, char type) {
    Value number = value;
    if (value instanceof Value.Real real && type == 'd') {
      if (!(Math.abs(real.value()) < 0x1p63)) {
        throw new TemplateException("cannot convert this float to an integer");
      }
      number = new Value.Int((long) real.value(), real.tag());
    } else if (!Numbers.isNumber(value) || value instanceof Value.Real) {
      throw new TemplateException(
          "%" + type + " format: a number is required, not " + value.typeName());
    }
    var form =
        new FormatSpec(
            spec.fill(), spec.align(), spec.sign(), spec.alternate(), spec.width(), ' ', -1, type);
    return form.apply(context, number);
  }

  private Text character(FormatSpec spec, Value value) {
    if (value instanceof Text text) {
      if (text.codePoints() != 1) {
        throw new TemplateException("the format for a character requires an int or one character");
      }
      return string(spec, text);
    }
    return whole(spec, value, 'c');
  }
}
