package dev.graft.goal;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression from outside, matched in time linear in the text.
 *
 * <p>Syntax is RE2's: neither looking around nor references to groups. The library repeats what
 * {@code {n}} counts, so the size after that is estimated before anything is compiled.
 */
final class LinearRegex {
  private static final int LONGEST = 1000;
  private static final int LARGEST_PROGRAM = 2000;
  private static final int DEEPEST = 50;

  /** What lies behind in a text is not looked at. */
  private static final int LONGEST_TEXT = 200_000;

  private final Pattern pattern;

  private LinearRegex(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * Compiles an expression.
   *
   * @throws IllegalArgumentException saying in one line what is wrong with it
   */
  static LinearRegex compile(String regex) {
    if (regex.length() > LONGEST) {
      throw new IllegalArgumentException("is longer than " + LONGEST + " characters");
    }
    if (new RegexSize(regex, DEEPEST).program() > LARGEST_PROGRAM) {
      throw new IllegalArgumentException("repeats too much; use smaller counts in {}");
    }
    try {
      return new LinearRegex(Pattern.compile(regex, Pattern.MULTILINE));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "is no regular expression of RE2's syntax (" + e.getDescription() + ")", e);
    }
  }

  /** Whether it matches somewhere in the text. */
  boolean find(String text) {
    return pattern.matcher(start(text)).find();
  }

  /** Whether it matches at the text's beginning. */
  boolean begins(String text) {
    return pattern.matcher(start(text)).lookingAt();
  }

  /** What the first group matched, or all where there is none; null where nothing matches. */
  @Nullable String capture(String text) {
    Matcher matcher = pattern.matcher(start(text));
    if (!matcher.find()) {
      return null;
    }
    return matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
  }

  private static String start(String text) {
    return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
  }

  @Override
  public String toString() {
    return pattern.pattern();
  }
}
