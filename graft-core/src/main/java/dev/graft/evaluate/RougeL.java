package dev.graft.evaluate;

import dev.graft.text.Characters;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * ROUGE-L: how much of two texts stands in both in the same order (C.-Y. Lin, ROUGE: a Package for
 * Automatic Evaluation of Summaries, 2004).
 *
 * <p>With L the length of the longest common subsequence of tokens, {@code P = L / tokens of the
 * answer}, {@code R = L / tokens of the reference} and {@code F1 = 2PR / (P + R)}, over the whole
 * text as one sentence and without stemming: what Google's {@code rouge_score} calls {@code
 * rougeL}.
 *
 * <p>Tokens are runs of letters and digits in lower case. For ASCII that is {@code [a-z0-9]+}, and
 * the result is that of {@code rouge_score} to the bit; that one drops everything else, so two
 * different Chinese texts would score zero or one by their digits alone. Here letters and digits of
 * all scripts count (NFC, with the marks behind them), and each sign of a script that is written
 * without spaces (ideographs, kana, Thai, Lao, Khmer, Burmese) is a token of its own.
 */
public final class RougeL {
  private static final Set<UnicodeScript> WITHOUT_SPACES =
      EnumSet.of(
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.THAI,
          UnicodeScript.LAO,
          UnicodeScript.KHMER,
          UnicodeScript.MYANMAR);

  private RougeL() {}

  /**
   * F1 of two texts, from 0 to 1; 0 where one has no tokens, also where neither has.
   *
   * <p>Takes time in the product of both numbers of tokens, and memory in their sum.
   */
  public static double f1(String answer, String reference) {
    Map<String, Integer> ids = new HashMap<>();
    int[] given = ids(tokens(answer), ids);
    int[] wanted = ids(tokens(reference), ids);
    if (given.length == 0 || wanted.length == 0) {
      return 0;
    }
    int common = given.length < wanted.length ? longest(wanted, given) : longest(given, wanted);
    double precision = (double) common / given.length;
    double recall = (double) common / wanted.length;
    return common == 0 ? 0 : 2 * precision * recall / (precision + recall);
  }

  /** Length of the longest common subsequence, by one row of the usual table. */
  private static int longest(int[] rows, int[] columns) {
    int[] best = new int[columns.length + 1]; // of the rows so far and the first c columns
    for (int row : rows) {
      int diagonal = 0;
      for (int c = 1; c < best.length; c++) {
        int above = best[c];
        best[c] = row == columns[c - 1] ? diagonal + 1 : Math.max(above, best[c - 1]);
        diagonal = above;
      }
    }
    return best[columns.length];
  }

  private static int[] ids(List<String> tokens, Map<String, Integer> ids) {
    return tokens.stream().mapToInt(t -> ids.computeIfAbsent(t, key -> ids.size())).toArray();
  }

  /** The tokens of a text, in order. */
  static List<String> tokens(String text) {
    String lower = Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    List<String> tokens = new ArrayList<>();
    StringBuilder token = new StringBuilder();
    boolean alone = false; // what is in the token takes marks only
    for (int i = 0, c; i < lower.length(); i += Character.charCount(c)) {
      c = lower.codePointAt(i);
      boolean sign = isSign(c);
      boolean more =
          Characters.isMark(c) ? !token.isEmpty() : !alone && !sign && Character.isLetterOrDigit(c);
      if (!more) {
        add(tokens, token);
        alone = sign;
      }
      if (more || sign) {
        token.appendCodePoint(c);
      }
    }
    add(tokens, token);
    return tokens;
  }

  private static void add(List<String> tokens, StringBuilder token) {
    if (!token.isEmpty()) {
      tokens.add(token.toString());
      token.setLength(0);
    }
  }

  private static boolean isSign(int c) {
    return c >= 0x80
        && (Character.isIdeographic(c)
            || c == 'ー' // of no script, since both kana use it
            || (Character.isLetter(c) && WITHOUT_SPACES.contains(UnicodeScript.of(c))));
  }
}
