package dev.graft.goal;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Counts sentences.
 *
 * <p>A sentence ends at {@code . ! ? …} (with closing quotes and brackets) where white space and
 * something other than a small letter follow, at the full stops of Chinese and Japanese, at a blank
 * line and before an item of a list. Full stops of abbreviations, initials, item numbers and German
 * dates end none. Text without a full stop is one sentence.
 */
final class Sentences {
  /** Something always follows these. */
  private static final Set<String> INNER =
      words(
          "mr mrs ms dr prof st vs e.g i.e eg ie fig no nr vol cf approx dept est gen gov rev sr jr"
              + " z.b d.h u.a o.ä z.t i.d.r bzw ca vgl hr fr evtl ggf inkl sog u.u v.a p.ex par.ex"
              + " sra dott sig al op p pp ed eds art abs tel max min");

  /** A sentence may end with these: it does where a capital follows. */
  private static final Set<String> OUTER =
      words("etc usw inc ltd co corp u.s u.k a.m p.m ph.d bros jan feb aug sept sep oct nov dec");

  private static final Set<String> MONTHS =
      words(
          "januar februar märz april mai juni juli august september oktober november dezember"
              + " jahrhundert jh");

  private static final int LONGEST_PREPOSITION = 3;

  private static final String CLOSING = "\"')]}”’»“›」』）】*_`";

  private final String text;

  private Sentences(String text) {
    this.text = text;
  }

  /** How many sentences the text has; time is linear in its length. */
  static int count(String text) {
    return new Sentences(text).count();
  }

  private int count() {
    int sentences = 0;
    boolean open = false;
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      int next = i + 1;
      if (isStop(c)) {
        next = pastClosing(i);
        if (open && ends(i, next)) {
          sentences++;
          open = false;
        }
      } else if (c == '\n') {
        if (open && breaks(next)) {
          sentences++;
          open = false;
        }
      } else if (Character.isLetterOrDigit(text.codePointAt(i))) {
        open = true;
      }
      i = next;
    }
    return sentences + (open ? 1 : 0);
  }

  private static boolean isStop(char c) {
    return ".!?…".indexOf(c) >= 0 || isWideStop(c);
  }

  private static boolean isWideStop(char c) {
    return "。！？｡".indexOf(c) >= 0;
  }

  private int pastClosing(int stop) {
    int i = stop;
    while (i < text.length() && (isStop(text.charAt(i)) || CLOSING.indexOf(text.charAt(i)) >= 0)) {
      i++;
    }
    return i;
  }

  private boolean ends(int stop, int next) {
    if (next >= text.length() || isWideStop(text.charAt(stop))) {
      return true;
    }
    if (!Character.isWhitespace(text.charAt(next))) {
      return false;
    }
    int follows = next;
    while (follows < text.length() && Character.isWhitespace(text.charAt(follows))) {
      follows++;
    }
    if (follows >= text.length()) {
      return true;
    }
    if (Character.isLowerCase(text.codePointAt(follows))) {
      return false;
    }
    return text.charAt(stop) != '.' || !abbreviates(stop, follows);
  }

  private boolean abbreviates(int stop, int follows) {
    int begin = stop;
    while (begin > 0
        && stop - begin < 16
        && (Character.isLetterOrDigit(text.charAt(begin - 1)) || text.charAt(begin - 1) == '.')) {
      begin--;
    }
    String word = text.substring(begin, stop).toLowerCase(Locale.ROOT);
    if (word.isEmpty() || OUTER.contains(word)) {
      return false;
    }
    if (word.length() <= 2 && word.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return startsLine(begin) || MONTHS.contains(wordAt(follows));
    }
    boolean initial = word.length() == 1 && Character.isUpperCase(text.charAt(begin));
    return INNER.contains(word) || (initial && !word.equals("i") && inName(begin));
  }

  /**
   * A name's initial stands at the start, after another name or after a short word such as "by";
   * "vitamin C." ends a sentence.
   */
  private boolean inName(int begin) {
    int i = begin - 1;
    while (i >= 0 && (text.charAt(i) == ' ' || text.charAt(i) == '.')) {
      i--;
    }
    int end = i + 1;
    while (i >= 0 && end - i < 40 && Character.isLetter(text.charAt(i))) {
      i--;
    }
    return end - i <= LONGEST_PREPOSITION + 1 || Character.isUpperCase(text.charAt(i + 1));
  }

  private boolean startsLine(int begin) {
    int i = begin - 1;
    while (i >= 0 && begin - i < 20 && text.charAt(i) == ' ') {
      i--;
    }
    return i < 0 || text.charAt(i) == '\n';
  }

  private String wordAt(int begin) {
    int end = begin;
    while (end < text.length() && end - begin < 16 && Character.isLetter(text.charAt(end))) {
      end++;
    }
    return text.substring(begin, end).toLowerCase(Locale.ROOT);
  }

  /** Whether the line that begins here is blank or an item of a list. */
  private boolean breaks(int begin) {
    int end = text.indexOf('\n', begin);
    int last = Math.min(end < 0 ? text.length() : end, begin + 200);
    String line = text.substring(begin, last);
    return line.isBlank() || Form.isItem(line);
  }

  private static Set<String> words(String list) {
    return new HashSet<>(Arrays.asList(list.split(" ", -1)));
  }
}
