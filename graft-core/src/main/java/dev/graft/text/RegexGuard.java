package dev.graft.text;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Tells regular expressions that may backtrack without end: a repeated group that repeats or
 * chooses inside, such as {@code (a+)+}.
 *
 * <p>Patterns of real tokenizers repeat characters and character classes only, and groups of fixed
 * width. The check is a scan of the syntax and errs on the side of refusing.
 */
final class RegexGuard {
  private static final int MAX_LENGTH = 20_000;

  private RegexGuard() {}

  static boolean mayExplode(String regex) {
    return regex.length() > MAX_LENGTH || new Scan(regex).explodes();
  }

  private static final class Scan {
    private final String regex;

    /** For each open group, whether it holds something of variable width. */
    private final Deque<Boolean> groups = new ArrayDeque<>();

    private boolean closedVariable;
    private int at;

    Scan(String regex) {
      this.regex = regex;
    }

    boolean explodes() {
      groups.push(false);
      while (at < regex.length()) {
        char c = regex.charAt(at);
        boolean closed = c == ')' && groups.size() > 1;
        step(c);
        Repeat repeat = repeat();
        if (repeat == Repeat.OPEN && closed && closedVariable) {
          return true;
        }
        if (repeat == Repeat.OPEN) {
          markVariable();
          // A quantifier on a quantifier: (a+)+ without the group.
          Repeat again = repeat();
          while (again != Repeat.NONE) {
            if (again == Repeat.OPEN && regex.charAt(at - 1) != '+') {
              return true;
            }
            again = repeat();
          }
        }
      }
      return false;
    }

    private void step(char c) {
      switch (c) {
        case '\\' -> at += 2;
        case '[' -> skipClass();
        case '(' -> {
          groups.push(false);
          at++;
        }
        case ')' -> {
          closedVariable = groups.size() > 1 && groups.pop();
          if (closedVariable) {
            markVariable();
          }
          at++;
        }
        case '|' -> {
          markVariable();
          at++;
        }
        default -> at++;
      }
    }

    private void markVariable() {
      groups.pop();
      groups.push(true);
    }

    private void skipClass() {
      int depth = 0;
      do {
        char c = regex.charAt(at);
        if (c == '\\') {
          at++;
        } else if (c == '[') {
          depth++;
        } else if (c == ']') {
          depth--;
        }
        at++;
      } while (depth > 0 && at < regex.length());
    }

    private enum Repeat {
      NONE,
      BOUNDED,
      OPEN
    }

    /** Reads a quantifier at the position, if there is one. */
    private Repeat repeat() {
      if (at >= regex.length()) {
        return Repeat.NONE;
      }
      return switch (regex.charAt(at)) {
        case '*', '+' -> taken(Repeat.OPEN);
        // After "(" a question mark begins a group's options.
        case '?' -> at > 0 && regex.charAt(at - 1) == '(' ? Repeat.NONE : taken(Repeat.BOUNDED);
        case '{' -> braces();
        default -> Repeat.NONE;
      };
    }

    private Repeat taken(Repeat repeat) {
      at++;
      return repeat;
    }

    private Repeat braces() {
      int end = regex.indexOf('}', at);
      if (end < 0) {
        return Repeat.NONE;
      }
      String range = regex.substring(at + 1, end);
      if (!range.matches("\\d*(,\\d*)?") || range.isEmpty()) {
        return Repeat.NONE;
      }
      at = end + 1;
      return range.endsWith(",") || range.length() > 6 ? Repeat.OPEN : Repeat.BOUNDED;
    }
  }
}
