package dev.graft.adapter;

import dev.graft.InputException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Regular expressions from outside, matched against module names within bounds: some would
 * otherwise try for years.
 *
 * <p>How often a name is looked at is counted. A search can also go on without a look, where
 * alternatives or repeated groups may match nothing; their number is bounded beforehand.
 */
final class ModulePattern {
  private static final int LONGEST = 1000;
  private static final int MOST_LOOKS = 100_000;
  private static final int MOST_WAYS = 10_000;

  /** Quotes, comments and large counts, which the estimate doesn't follow. */
  private static final Pattern NOT_FOLLOWED =
      Pattern.compile("\\\\Q|\\(\\?[a-zA-Z-]*x|\\{\\d*,?\\d{4}");

  private ModulePattern() {}

  /**
   * Compiles an expression.
   *
   * @param option whose value it is, for messages
   * @throws InputException if it is none, or one that could take too long
   */
  static Pattern compile(String option, String regex) {
    String name = option + ": '" + shortened(regex) + "' ";
    if (regex.length() > LONGEST) {
      throw new InputException(name + "is longer than " + LONGEST + " characters");
    }
    if (NOT_FOLLOWED.matcher(regex).find() || ways(regex) > MOST_WAYS) {
      throw new InputException(name + "is too complex to be matched in bounded time");
    }
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new InputException(name + "is not a regular expression: " + e.getDescription(), e);
    } catch (StackOverflowError e) {
      throw new InputException(name + "is nested too deeply", e);
    }
  }

  /** Whether the whole name matches. */
  static boolean matches(Pattern pattern, String name) {
    try {
      return pattern.matcher(new Counted(name, new int[] {MOST_LOOKS})).matches();
    } catch (TooLong | StackOverflowError e) {
      throw new InputException(
          "the regular expression '" + shortened(pattern.pattern()) + "' takes too long to match",
          e);
    }
  }

  /**
   * At most this many ways lead through an expression without a look at the text: the product of
   * all groups' alternatives, of two for each repeated group, and of the numbers of counted
   * repetitions, raised by those around them.
   */
  private static double ways(String regex) {
    Deque<double[]> open = new ArrayDeque<>(); // of a group: ways of its finished branches, of this
    double[] now = {0, 1};
    for (int i = 0; i < regex.length(); i++) {
      switch (regex.charAt(i)) {
        case '\\' -> i++;
        case '[' -> i = endOfClass(regex, i);
        case '|' -> {
          now[0] += now[1];
          now[1] = 1;
        }
        case '(' -> {
          open.push(now);
          now = new double[] {0, 1};
        }
        case ')' -> {
          double inner = now[0] + now[1];
          now = open.isEmpty() ? new double[] {0, 1} : open.pop();
          now[1] *= repeated(inner, regex, i + 1);
        }
        default -> {}
      }
    }
    double all = now[0] + now[1];
    for (double[] unclosed : open) {
      all *= unclosed[0] + unclosed[1];
    }
    return all;
  }

  private static double repeated(double inner, String regex, int at) {
    char next = at < regex.length() ? regex.charAt(at) : ' ';
    if (next == '{') {
      int end = at + 1;
      while (end < regex.length() && Character.isDigit(regex.charAt(end))) {
        end++;
      }
      boolean known = end > at + 1 && end < at + 5;
      double count = known ? Integer.parseInt(regex.substring(at + 1, end)) : MOST_WAYS;
      return (inner + 1) * Math.pow(inner, count) * Math.max(1, count);
    }
    return "?*+".indexOf(next) >= 0 ? inner + 1 : inner;
  }

  private static int endOfClass(String regex, int begin) {
    int at = begin + 1;
    while (at < regex.length() && regex.charAt(at) != ']') {
      at += regex.charAt(at) == '\\' ? 2 : 1;
    }
    return at;
  }

  private static String shortened(String regex) {
    String text = regex.length() <= 80 ? regex : regex.substring(0, 80) + "…";
    return text.replaceAll("\\p{Cntrl}|\\R", " ");
  }

  private static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLong() {
      super("", null, false, false);
    }
  }

  /** Counts how often a character is looked at, also through parts of the text. */
  private record Counted(String text, int[] left) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (left[0]-- <= 0) {
        throw new TooLong();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text.substring(start, end), left);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
