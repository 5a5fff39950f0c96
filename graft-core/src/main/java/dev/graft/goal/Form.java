package dev.graft.goal;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/** The form of an answer. */
enum Form {
  /** One JSON object or array and nothing else. */
  JSON,
  /** One fenced block of code and nothing else. */
  CODE,
  /** At least two items, which are at least half of the lines. */
  LIST,
  /** Text with headings, bold face, links, tables, code marks, or items among other text. */
  MARKDOWN,
  /** Anything else. */
  PLAIN;

  private static final Pattern ITEM =
      Pattern.compile("[ \\t]{0,8}(?:[-*+•]|\\d{1,3}[.)])[ \\t]+\\S.*", Pattern.DOTALL);
  private static final Pattern MARKS =
      Pattern.compile(
          "(?m)^#{1,6} \\S|^ {0,3}```|\\*\\*[^*\\s]|__[^_\\s][^_\\n]{0,200}__|`[^`\\n]{1,200}`"
              + "|\\]\\([^)\\s]{1,500}\\)|^\\|?[ :]{0,9}-{3,99}[ :]{0,9}\\|");
  private static final int LONGEST = 200_000;

  static Form of(String answer) {
    String text = answer.strip();
    if (isJson(text)) {
      return JSON;
    }
    if (isFence(text)) {
      return CODE;
    }
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    long items = lines.stream().filter(Form::isItem).count();
    if (items > 1 && items * 2 >= lines.size()) {
      return LIST;
    }
    String looked = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    return items > 1 || MARKS.matcher(looked).find() ? MARKDOWN : PLAIN;
  }

  /** Whether a line is an item of a list: a bullet or a number, white space and something. */
  static boolean isItem(String line) {
    return ITEM.matcher(line).matches();
  }

  private static boolean isJson(String text) {
    if (!text.startsWith("{") && !text.startsWith("[")) {
      return false;
    }
    try {
      var _ = AnswerJson.read(text);
      return true;
    } catch (JacksonException e) {
      return false;
    }
  }

  private static boolean isFence(String text) {
    return text.startsWith("```")
        && text.endsWith("```")
        && text.length() > 6
        && text.indexOf("\n```", 3) == text.length() - 4;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
