package dev.graft.goal;

import java.util.ArrayDeque;
import java.util.Deque;

/** Estimates from above how large a regular expression is once its counts are written out. */
final class RegexSize {
  private static final long TOO_LARGE = Integer.MAX_VALUE;

  private final String regex;
  private final int deepest;
  private int at;

  RegexSize(String regex, int deepest) {
    this.regex = regex;
    this.deepest = deepest;
  }

  /** Steps of the program; very large where groups are nested too deeply. */
  long program() {
    Deque<Long> outer = new ArrayDeque<>();
    long sum = 0;
    long last = 0;
    while (at < regex.length()) {
      char c = regex.charAt(at);
      if (c == '(') {
        outer.push(sum + last);
        if (outer.size() > deepest) {
          return TOO_LARGE;
        }
        sum = 0;
        last = 0;
        at++;
      } else if (c == ')') {
        last += sum + 1;
        sum = outer.isEmpty() ? 0 : outer.pop();
        at++;
      } else if (c == '{') {
        last = Math.min(TOO_LARGE, Math.max(1, last) * count());
      } else {
        sum = Math.min(TOO_LARGE, sum + last);
        last = 1;
        atom(c);
      }
    }
    while (!outer.isEmpty()) {
      sum += outer.pop();
    }
    return Math.min(TOO_LARGE, sum + last);
  }

  private void atom(char c) {
    if (c == '\\') {
      boolean braces = regex.startsWith("p{", at + 1) || regex.startsWith("P{", at + 1);
      int end = braces || regex.startsWith("x{", at + 1) ? regex.indexOf('}', at) : at + 1;
      at = (end < 0 ? regex.length() : end) + 1;
    } else if (c == '[') {
      // A bracket that comes first is a member of the class.
      at += regex.startsWith("[^", at) ? 3 : 2;
      while (at < regex.length() && regex.charAt(at) != ']') {
        at += regex.charAt(at) == '\\' ? 2 : 1;
      }
      at++;
    } else {
      at++;
    }
  }

  /** The largest number between the braces; one where they are no count. */
  private long count() {
    long largest = 1;
    long number = 0;
    at++;
    while (at < regex.length() && regex.charAt(at) != '}') {
      char c = regex.charAt(at);
      if (c >= '0' && c <= '9') {
        number = Math.min(TOO_LARGE, number * 10 + c - '0');
        largest = Math.max(largest, number);
      } else if (c == ',') {
        number = 0;
      } else {
        return largest;
      }
      at++;
    }
    at++;
    return largest;
  }
}
