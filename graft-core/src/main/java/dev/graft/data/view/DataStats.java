package dev.graft.data.view;

import dev.graft.InputException;
import dev.graft.data.EncodedRow;
import dev.graft.model.SharedPrefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Figures about a data set as one model sees it. Not for several threads. */
public final class DataStats {
  /** Enough to see what is wrong; all of them are for {@code data check}. */
  private static final int MOST_ERRORS = 3;

  private static final int SHORTEST_LIMIT = 256;
  private static final int LONGEST_LIMIT = 1 << 20;

  private final int maxLength;
  private final int[] limits;
  private final LimitEffect[] effects;
  private final Lengths tokens = new Lengths();
  private final Lengths learnt = new Lengths();
  private final Padding padding = new Padding();
  private final SharedPrefix prefix = new SharedPrefix();
  private final List<String> errors = new ArrayList<>();
  private long rows;
  private long unusable;
  private long messages;
  private long turns;
  private long words;
  private long characters;
  private long textTokens;

  /**
   * What a length limit would do.
   *
   * @param limit in tokens
   * @param rowsCut examples that lose their end
   * @param leftOut those of them of which nothing learnt is left, so that training leaves them out
   * @param tokensLost tokens behind the limit
   * @param learntLost learnt ones among them
   */
  public record LimitEffect(
      int limit, long rowsCut, long leftOut, long tokensLost, long learntLost) {
    LimitEffect with(RowFigures row, int learntWithin) {
      if (row.tokens() <= limit) {
        return this;
      }
      return new LimitEffect(
          limit,
          rowsCut + 1,
          leftOut + (learntWithin == 0 ? 1 : 0),
          tokensLost + row.tokens() - limit,
          learntLost + row.learnt() - learntWithin);
    }
  }

  /** No rows yet; {@code maxLength} is the limit that batches are made with. */
  public DataStats(int maxLength) {
    this.maxLength = maxLength;
    IntStream powers =
        IntStream.iterate(SHORTEST_LIMIT, limit -> limit <= LONGEST_LIMIT, limit -> 2 * limit);
    this.limits = IntStream.concat(IntStream.of(maxLength), powers).sorted().distinct().toArray();
    this.effects =
        Arrays.stream(limits)
            .mapToObj(l -> new LimitEffect(l, 0, 0, 0, 0))
            .toArray(LimitEffect[]::new);
  }

  /** What is counted of an example; safe for several threads. */
  RowFigures figures(EncodedRow row) {
    return RowFigures.of(row, limits);
  }

  /** Adds a row with its examples: two of a preference, else one. */
  void add(List<RowFigures> examples) {
    rows++;
    for (RowFigures row : examples) {
      prefix.add(row.ids(), row.learns());
      tokens.add(row.tokens());
      learnt.add(row.learnt());
      messages += row.messages();
      turns += row.turns();
      words += row.words();
      characters += row.characters();
      textTokens += row.textTokens();
      for (int i = 0; i < limits.length; i++) {
        effects[i] = effects[i].with(row, row.learntWithin()[i]);
      }
      if (row.learntWithin()[Arrays.binarySearch(limits, maxLength)] > 0) {
        padding.add(Math.min(row.tokens(), maxLength));
      }
    }
  }

  /** Adds a row that training would refuse. */
  void addUnusable(InputException error) {
    rows++;
    unusable++;
    if (errors.size() < MOST_ERRORS) {
      errors.add(Visible.line(String.valueOf(error.getMessage())));
    }
  }

  /** Rows read, the unusable ones too. */
  public long rows() {
    return rows;
  }

  /** Rows that can't be encoded. */
  public long unusable() {
    return unusable;
  }

  /** What is wrong with the first few of them. */
  public List<String> errors() {
    return List.copyOf(errors);
  }

  public long messages() {
    return messages;
  }

  /** Answers: assistant messages, and one for each row without messages. */
  public long turns() {
    return turns;
  }

  /** Tokens of the examples. */
  public Lengths tokens() {
    return tokens;
  }

  /** Learnt tokens of the examples. */
  public Lengths learnt() {
    return learnt;
  }

  /** Tokens that all examples begin with, before anything is learnt. */
  public int sharedPrefix() {
    return prefix.length();
  }

  public Padding padding() {
    return padding;
  }

  public int maxLength() {
    return maxLength;
  }

  /** Share of the tokens that is learnt, from 0 to 1. */
  public double learntShare() {
    return ratio(learnt.total(), tokens.total());
  }

  /** Tokens for a word of the data's own text, without the template's markup. */
  public double tokensPerWord() {
    return ratio(textTokens, words);
  }

  /** Code points of the data's own text for a token. */
  public double charactersPerToken() {
    return ratio(characters, textTokens);
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  /** What each limit would do, shortest first, up to the first that cuts nothing. */
  public List<LimitEffect> limits() {
    List<LimitEffect> shown = new ArrayList<>();
    boolean whole = false;
    for (LimitEffect effect : effects) {
      if (!whole || effect.limit() == maxLength) {
        shown.add(effect);
      }
      whole |= effect.rowsCut() == 0;
    }
    return shown;
  }
}
