package dev.graft.data.check;

import dev.graft.data.EncodedRow;
import dev.graft.text.Tokenizer;
import dev.graft.text.template.Part;
import dev.graft.text.template.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tokens per word, against what the tokenizer needs for plain English and what the file needs in
 * the middle: encoded data stands out in a row, an unknown language in the whole file.
 *
 * <p>Where a script writes no spaces, every character is a word.
 */
final class TokensPerWordCheck implements Check {
  private static final String PLAIN =
      "The library opens at nine in the morning and closes at six in the evening. Visitors can"
          + " borrow up to ten books for four weeks, and most of them come back before the date on"
          + " the slip. If you want to keep a book for longer, ask at the desk or write to us.";
  private static final double ROW_TIMES = 4;
  private static final double FILE_TIMES = 1.7;
  private static final int FEWEST_TOKENS = 40;
  private static final int FEWEST_ROWS = 20;

  private final Function<Place, String> line;
  private final float plain;
  private final Numbers ratios = new Numbers();

  /**
   * Nothing seen yet.
   *
   * @param line names a row in a sentence
   */
  TokensPerWordCheck(Tokenizer tokenizer, Function<Place, String> line) {
    this.line = line;
    plain = (float) tokenizer.encode(PLAIN).length() / words(PLAIN, 0, PLAIN.length());
  }

  @Override
  public @Nullable Runnable examine(CheckedRow row) {
    if (row.place().file() != DataFile.DATA || row.encoded().isEmpty()) {
      return null;
    }
    EncodedRow encoded = row.encoded().getFirst();
    int tokens = 0;
    int words = 0;
    if (encoded.spans().isEmpty()) {
      tokens = encoded.tokens();
      words = words(encoded.text(), 0, encoded.text().length());
    } else {
      int t = 0;
      for (Span span : encoded.spans()) {
        if (span.part() == Part.ROLE) {
          continue;
        }
        words += words(encoded.text(), span.start(), span.end());
        while (t < encoded.tokens() && encoded.starts()[t] < span.start()) {
          t++;
        }
        while (t < encoded.tokens() && encoded.starts()[t] < span.end()) {
          t++;
          tokens++;
        }
      }
    }
    if (words == 0 || tokens < FEWEST_TOKENS) {
      return null;
    }
    float ratio = (float) tokens / words;
    return () -> ratios.add(row.place(), ratio);
  }

  /** Runs of what is not space; characters of scripts without spaces one by one. */
  private static int words(String text, int from, int to) {
    int words = 0;
    boolean inside = false;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c >= 0x0E00 && isUnspaced(c)) {
        words++;
        inside = false;
      } else if (Character.isWhitespace(c)) {
        inside = false;
      } else if (!inside) {
        words++;
        inside = true;
      }
    }
    return words;
  }

  private static boolean isUnspaced(char c) {
    boolean southEast = c <= 0x0EFF || (c >= 0x1000 && c <= 0x109F) || (c >= 0x1780 && c <= 0x17FF);
    return southEast || (c >= 0x3040 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF);
  }

  @Override
  public List<Finding> findings() {
    List<Finding> all = new ArrayList<>();
    float median = ratios.size() < FEWEST_ROWS ? plain : ratios.median();
    if (median > FILE_TIMES * plain) {
      all.add(
          new Finding(
              CheckCode.TOKENS_PER_WORD,
              CheckCode.TOKENS_PER_WORD.severity(),
              ratios.size(),
              List.of(),
              String.format(
                  Locale.ROOT,
                  "need %.1f tokens a word in the middle, plain English needs %.1f: the tokenizer"
                      + " hardly knows this kind of text",
                  median,
                  plain),
              ""));
    }
    Tally tally = new Tally(CheckCode.TOKENS_PER_WORD);
    float usual = Math.max(median, plain);
    for (int i = 0; i < ratios.size(); i++) {
      if (ratios.value(i) > ROW_TIMES * usual) {
        tally.add(
            ratios.place(i),
            String.format(
                Locale.ROOT,
                "%s needs %.1f tokens a word, usual are %.1f",
                line.apply(ratios.place(i)),
                ratios.value(i),
                usual));
      }
    }
    all.addAll(tally.findings());
    return all;
  }
}
