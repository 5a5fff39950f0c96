package dev.graft.text.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How one value is formatted: Python's format specification, also the target of the older percent
 * form.
 *
 * @param align one of {@code < > ^ =}, or a blank for the default of the type
 * @param sign one of {@code + -} and a space
 * @param grouping {@code ,} or {@code _}, or a blank
 * @param precision -1 for none
 * @param type the letter, or a blank
 */
record FormatSpec(
    String fill,
    char align,
    char sign,
    boolean alternate,
    long width,
    char grouping,
    int precision,
    char type) {

  private static final Pattern FORM =
      Pattern.compile(
          "(?s)(?:(.)?([<>=^]))?([-+ ])?z?(#)?(0)?(\\d{1,9})?([,_])?(?:\\.(\\d{1,9}))?([a-zA-Z%])?");
  private static final int MAX_PRECISION = 2000;

  static FormatSpec parse(String spec) {
    Matcher m = FORM.matcher(spec);
    if (!m.matches()) {
      throw new TemplateException("Invalid format specifier '" + spec + "'");
    }
    boolean zero = m.group(5) != null;
    String fill = m.group(1) != null ? m.group(1) : zero ? "0" : " ";
    char align = letter(m.group(2), zero ? '=' : ' ');
    int precision = m.group(8) == null ? -1 : Integer.parseInt(m.group(8));
    long width = m.group(6) == null ? 0 : Long.parseLong(m.group(6));
    return new FormatSpec(
        fill,
        align,
        letter(m.group(3), '-'),
        m.group(4) != null,
        width,
        letter(m.group(7), ' '),
        precision,
        letter(m.group(9), ' '));
  }

  private static char letter(@Nullable String group, char otherwise) {
    return group == null ? otherwise : group.charAt(0);
  }

  Text apply(Context context, Value value) {
    boolean number = Numbers.isNumber(value);
    if (!number) {
      return applyText(context, Repr.str(context, value), value instanceof Text);
    }
    if (precision > MAX_PRECISION) {
      throw new TemplateException("precision too big");
    }
    boolean real = value instanceof Value.Real || "eEfFgG%".indexOf(type) >= 0;
    String digits = real ? realDigits(Numbers.real(value)) : wholeDigits(value);
    return padded(context, digits, value.tag());
  }

  private Text applyText(Context context, Text text, boolean string) {
    boolean signAware = align == '=' && string && !fill.equals("0");
    if ((type != ' ' && type != 's') || signAware) {
      throw new TemplateException("Unknown format code '" + type + "' for this object");
    }
    Text cut = text;
    if (precision >= 0 && precision < text.codePoints()) {
      cut = text.substring(0, text.string.offsetByCodePoints(0, precision));
    }
    return StringMethods.pad(context, cut, width, fill, align == ' ' || align == '=' ? '<' : align);
  }

  private Text padded(Context context, String digits, long tag) {
    boolean negative = digits.startsWith("-");
    String body = negative ? digits.substring(1) : digits;
    String mark = negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
    if (align != '=') {
      char side = align == ' ' ? '>' : align;
      return StringMethods.pad(context, Text.of(mark + body, tag), width, fill, side);
    }
    Text inner = StringMethods.pad(context, Text.of(body, tag), width - mark.length(), fill, '>');
    return new TextBuilder(context).append(mark, tag).append(inner).toText();
  }

  private String wholeDigits(Value value) {
    if (precision >= 0 && type != 'c') {
      throw new TemplateException("Precision not allowed in integer format specifier");
    }
    BigInteger n =
        value instanceof Value.BigInt big ? big.value() : BigInteger.valueOf(Numbers.index(value));
    return switch (type) {
      case ' ', 'd', 'n' -> grouped(n.toString());
      case 'x' -> prefixed(n, 16, "0x");
      case 'X' -> prefixed(n, 16, "0X").toUpperCase(Locale.ROOT);
      case 'o' -> prefixed(n, 8, "0o");
      case 'b' -> prefixed(n, 2, "0b");
      case 'c' -> character(n);
      default -> throw unknown("int");
    };
  }

  private static String character(BigInteger n) {
    if (n.signum() < 0 || n.bitLength() > 21 || !Character.isValidCodePoint(n.intValue())) {
      throw new TemplateException("a character code must be below 0x110000");
    }
    return Character.toString(n.intValue());
  }

  private String prefixed(BigInteger n, int radix, String prefix) {
    String body = n.abs().toString(radix);
    return (n.signum() < 0 ? "-" : "") + (alternate ? prefix : "") + body;
  }

  private TemplateException unknown(String what) {
    return new TemplateException(
        "Unknown format code '" + type + "' for object of type '" + what + "'");
  }

  private String realDigits(double value) {
    if (!Double.isFinite(value)) {
      String name = Numbers.repr(value) + (type == '%' ? "%" : "");
      return Character.isUpperCase(type) ? name.toUpperCase(Locale.ROOT) : name;
    }
    int places = precision < 0 ? 6 : precision;
    return switch (type) {
      case 'f', 'F' -> grouped(fixed(value, places));
      case '%' -> grouped(fixed(value * 100, places)) + "%";
      case 'e' -> scientific(value, places);
      case 'E' -> scientific(value, places).toUpperCase(Locale.ROOT);
      case 'g', 'n' -> grouped(general(value, places));
      case 'G' -> general(value, places).toUpperCase(Locale.ROOT);
      case ' ' -> grouped(precision < 0 ? Numbers.repr(value) : plainGeneral(value, places));
      default -> throw unknown("float");
    };
  }

  private String plainGeneral(double value, int places) {
    String digits = general(value, places);
    return digits.matches("-?\\d+") ? digits + ".0" : digits;
  }

  private static String minus(double value) {
    return value < 0 || 1 / value < 0 ? "-" : "";
  }

  static String fixed(double value, int places) {
    var exact = new BigDecimal(Math.abs(value)).setScale(places, RoundingMode.HALF_EVEN);
    return minus(value) + exact.toPlainString();
  }

  private static String scientific(double value, int places) {
    var exact = new BigDecimal(Math.abs(value));
    if (exact.signum() == 0) {
      return minus(value) + "0" + (places > 0 ? "." + "0".repeat(places) : "") + "e+00";
    }
    BigDecimal round = rounded(exact, places + 1);
    String digits = round.unscaledValue().toString();
    digits = digits + "0".repeat(Math.max(0, places + 1 - digits.length()));
    int exponent = round.precision() - round.scale() - 1;
    String body = digits.charAt(0) + (places > 0 ? "." + digits.substring(1, places + 1) : "");
    return minus(value) + body + exponentPart(exponent);
  }

  private static BigDecimal rounded(BigDecimal exact, int digits) {
    return exact.round(new java.math.MathContext(digits, RoundingMode.HALF_EVEN));
  }

  private static String exponentPart(int exponent) {
    return (exponent < 0 ? "e-" : "e+") + String.format("%02d", Math.abs(exponent));
  }

  private String general(double value, int places) {
    int digits = Math.max(places, 1);
    var exact = new BigDecimal(Math.abs(value));
    if (exact.signum() == 0) {
      return minus(value) + "0";
    }
    BigDecimal round = rounded(exact, digits);
    int exponent = round.precision() - round.scale() - 1;
    if (exponent < -4 || exponent >= digits) {
      String text = scientific(value, digits - 1);
      int e = text.indexOf('e');
      return trimZeros(text.substring(0, e)) + text.substring(e);
    }
    return minus(value) + trimZeros(round.toPlainString());
  }

  private String trimZeros(String digits) {
    if (alternate) {
      return withZeros(digits);
    }
    if (digits.indexOf('.') < 0) {
      return digits;
    }
    return digits.replaceAll("0+$", "").replaceAll("\\.$", "");
  }

  /** The alternate form of g keeps all the digits of its precision. */
  private String withZeros(String digits) {
    int wanted = Math.max(precision < 0 ? 6 : precision, 1);
    String shown = digits.indexOf('.') < 0 ? digits + "." : digits;
    long significant = shown.replaceFirst("^0\\.0*", "").chars().filter(Character::isDigit).count();
    return shown + "0".repeat((int) Math.max(0, wanted - significant));
  }

  private String grouped(String digits) {
    if (grouping == ' ') {
      return digits;
    }
    int start = digits.startsWith("-") ? 1 : 0;
    int end = start;
    while (end < digits.length() && Character.isDigit(digits.charAt(end))) {
      end++;
    }
    var out = new StringBuilder(digits);
    for (int i = end - 3; i > start; i -= 3) {
      out.insert(i, grouping);
    }
    return out.toString();
  }
}
