package dev.graft.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells how far the regular expression of a tokenizer may backtrack.
 *
 * <p>The native regular expression engine (Oniguruma) gives up after ten million steps back, and
 * the library then ends the process. Repeated groups with something variable inside, such as {@code
 * (a+)+}, need exponentially many; two repetitions with a condition after them, such as {@code
 * a*a*b}, quadratically many. Patterns of real tokenizers have neither: what they repeat and may
 * have to give back is one character class at a time, so the steps are at most a few times the run
 * of characters of that class. The check parses the syntax roughly and errs on the side of
 * refusing.
 */
final class RegexGuard {
  private static final int MAX_LENGTH = 20_000;
  private static final int MAX_DEPTH = 40;

  /** How many small choices (x?, x{1,3}, a group's alternatives) may follow one another. */
  private static final int MAX_CHOICES = 6;

  /** Repetitions up to this count are small choices; above it they are open. */
  private static final int SMALL = 8;

  private static final Pattern BRACES = Pattern.compile("\\{(\\d{0,9})(,?)(\\d{0,9})}");
  private static final Pattern GROUP_OPTIONS =
      Pattern.compile("\\(\\?(?:[imxsu-]*:|=|!|<=|<!|>|<[A-Za-z]\\w*>)");

  /** Switches options for what follows and matches nothing. */
  private static final Pattern SWITCH = Pattern.compile("\\(\\?[imx-]+\\)");

  private static final Pattern NEGATION = Pattern.compile("(?s).*(\\\\[A-Z]|(?<!&&)\\[\\^).*");

  /** What a pattern may need. */
  enum Risk {
    /** Steps in proportion to a run of characters that are all white space or all not. */
    RUN,
    /** Steps in proportion to the text. */
    TEXT,
    /** More, or not understood. */
    UNBOUNDED
  }

  private final String regex;
  private int at;
  private int depth;
  private boolean wide;
  private boolean unbounded;

  private RegexGuard(String regex) {
    this.regex = regex;
  }

  static Risk of(String regex) {
    if (regex.length() > MAX_LENGTH) {
      return Risk.UNBOUNDED;
    }
    var guard = new RegexGuard(regex);
    Cost cost = guard.alternatives();
    if (guard.unbounded || guard.at < regex.length() || cost.givesBack > 1) {
      return Risk.UNBOUNDED;
    }
    return guard.wide ? Risk.TEXT : Risk.RUN;
  }

  /**
   * @param givesBack open repetitions that something mandatory follows
   * @param pending open repetitions at the end, that nothing mandatory follows
   * @param choices small choices
   * @param variable whether the width varies
   */
  private record Cost(int givesBack, int pending, int choices, boolean variable) {
    static final Cost NOTHING = new Cost(0, 0, 0, false);

    Cost or(Cost other) {
      return new Cost(
          Math.max(givesBack, other.givesBack),
          Math.max(pending, other.pending),
          Math.max(choices, other.choices),
          true);
    }

    /** This followed by {@code next}, which must match where {@code mandatory}. */
    Cost then(Cost next, boolean mandatory) {
      int given = givesBack + next.givesBack + (mandatory ? pending : 0);
      int open = next.pending + (mandatory ? 0 : pending);
      return new Cost(given, open, choices + next.choices, variable || next.variable);
    }
  }

  /** A quantifier: {@code least} and {@code most} times, and whether it stands twice. */
  private record Repeat(int least, int most, boolean stacked) {}

  private Cost alternatives() {
    if (++depth > MAX_DEPTH) {
      unbounded = true;
    }
    Cost all = branch();
    while (!unbounded && at < regex.length() && regex.charAt(at) == '|') {
      at++;
      all = all.or(branch());
    }
    depth--;
    return all;
  }

  private Cost branch() {
    Cost sum = Cost.NOTHING;
    while (!unbounded && at < regex.length() && "|)".indexOf(regex.charAt(at)) < 0) {
      int begin = at;
      boolean group = regex.charAt(at) == '(';
      Cost inner = group ? group() : atom();
      String atom = regex.substring(begin, Math.min(at, regex.length()));
      Repeat repeat = repeat();
      sum = sum.then(repeated(inner, repeat, group, atom), repeat.least > 0);
      if (sum.givesBack > 1 || sum.choices > MAX_CHOICES) {
        unbounded = true;
      }
    }
    return sum;
  }

  private Cost repeated(Cost inner, Repeat repeat, boolean group, String atom) {
    if (inner.variable && repeat.most > 1) {
      unbounded = true;
    }
    if (repeat.most > SMALL) {
      wide |= group || isWide(atom);
      return new Cost(inner.givesBack, inner.pending + (repeat.stacked ? 2 : 1), 0, true);
    }
    if (repeat.most == repeat.least) {
      return inner;
    }
    int choices = inner.choices + (repeat.most > 1 ? 3 : 1);
    return new Cost(inner.givesBack, inner.pending, choices, true);
  }

  private Cost group() {
    Matcher options = SWITCH.matcher(regex).region(at, regex.length());
    if (options.lookingAt()) {
      at = options.end();
      return Cost.NOTHING;
    }
    if (regex.startsWith("(?", at)) {
      options.usePattern(GROUP_OPTIONS);
      if (!options.lookingAt()) {
        unbounded = true;
        return Cost.NOTHING;
      }
      at = options.end();
    } else {
      at++;
    }
    Cost inner = alternatives();
    if (at >= regex.length() || regex.charAt(at) != ')') {
      unbounded = true;
    }
    at++;
    return new Cost(
        inner.givesBack, inner.pending, inner.choices + (inner.variable ? 1 : 0), inner.variable);
  }

  private Cost atom() {
    switch (regex.charAt(at)) {
      case '\\' -> escape();
      case '[' -> characterClass();
      case '*', '+', '?' -> unbounded = true;
      default -> at++;
    }
    return Cost.NOTHING;
  }

  /** {@code \p{…}} and the like as a whole, for their braces are no quantifier. */
  private void escape() {
    boolean property = regex.startsWith("p{", at + 1) || regex.startsWith("P{", at + 1);
    int end = property || regex.startsWith("x{", at + 1) ? regex.indexOf('}', at) : at + 1;
    // A reference to a group repeats what the group matched, of any width.
    boolean reference = at + 1 < regex.length() && "123456789kg".indexOf(regex.charAt(at + 1)) >= 0;
    unbounded |= end < 0 || end >= regex.length() || reference;
    at = end + 1;
  }

  private void characterClass() {
    int open = 0;
    do {
      char c = regex.charAt(at);
      open += c == '[' ? 1 : c == ']' ? -1 : 0;
      at += c == '\\' ? 2 : 1;
    } while (open > 0 && at < regex.length());
    unbounded |= open > 0 || at > regex.length();
  }

  /** Whether the atom may match both white space and other characters. */
  private static boolean isWide(String atom) {
    if (atom.startsWith("[^")) {
      return !atom.contains("\\s");
    }
    if (atom.startsWith("[")) {
      boolean space = atom.contains("\\s") || atom.contains(" ");
      return (space && atom.length() > "[\\s]".length()) || NEGATION.matcher(atom).matches();
    }
    return atom.equals(".") || (atom.matches("(?s)\\\\[A-Z].*") && !atom.startsWith("\\S"));
  }

  private Repeat repeat() {
    Repeat first = quantifier();
    if (first.most == 1 && first.least == 1) {
      return first;
    }
    char before = regex.charAt(at - 1);
    char next = at < regex.length() ? regex.charAt(at) : ' ';
    if (next == '?' || (next == '+' && before != '}')) {
      // Lazy or possessive.
      at++;
      return first;
    }
    if (next == '*' || next == '+') {
      at++;
      return new Repeat(next == '*' ? 0 : first.least, Integer.MAX_VALUE, true);
    }
    unbounded |= next == '{';
    return first;
  }

  private Repeat quantifier() {
    char c = at < regex.length() ? regex.charAt(at) : ' ';
    if (c == '*' || c == '+' || c == '?') {
      at++;
      return new Repeat(c == '+' ? 1 : 0, c == '?' ? 1 : Integer.MAX_VALUE, false);
    }
    Matcher braces = BRACES.matcher(regex).region(Math.min(at, regex.length()), regex.length());
    if (c != '{' || !braces.lookingAt() || (braces.end() - at <= 3 && braces.group(1).isEmpty())) {
      return new Repeat(1, 1, false);
    }
    at = braces.end();
    int least = braces.group(1).isEmpty() ? 0 : Integer.parseInt(braces.group(1));
    boolean open = !braces.group(2).isEmpty() && braces.group(3).isEmpty();
    int most = open ? Integer.MAX_VALUE : least;
    if (!braces.group(3).isEmpty()) {
      most = Integer.parseInt(braces.group(3));
    }
    return new Repeat(least, most, false);
  }
}
