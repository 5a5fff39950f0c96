package dev.graft.goal;

import java.util.List;

/** Small marks of an answer's style. */
final class Style {
  /** Signs at the end that are told apart. */
  static final List<String> FINAL_SIGNS = List.of(".", "!", "?", "…", ":", ";", "。", "！", "？");

  private static final int LONGEST_WORD = 40;

  private Style() {}

  /** What stands before the first white space, at most {@value #LONGEST_WORD} characters of it. */
  static String firstWord(String answer) {
    int end = 0;
    while (end < answer.length() && !Character.isWhitespace(answer.codePointAt(end))) {
      int next = end + Character.charCount(answer.codePointAt(end));
      if (next > LONGEST_WORD) {
        break;
      }
      end = next;
    }
    return answer.substring(0, end);
  }

  /** The sign that ends the answer, or nothing where none of {@link #FINAL_SIGNS} does. */
  static String lastSign(String answer) {
    return FINAL_SIGNS.stream().filter(answer::endsWith).findFirst().orElse("");
  }
}
