package dev.graft.data.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Answers that begin or end alike, or are the same altogether, and phrases of assistants that say
 * nothing. Bounded memory: see {@link Frequent}.
 */
final class BoilerplateCheck implements Check {
  private static final int WORDS = 4;
  private static final int FEWEST = 10;
  private static final double SAME_WORDS = 0.2;
  private static final double SAME_ANSWER = 0.05;
  private static final int FEWEST_PHRASES = 3;
  private static final double SAME_PHRASE = 0.01;

  /** Said of the assistant itself; a share of one in a hundred is too much. */
  private static final List<String> PHRASES =
      List.of(
          "as an ai language model",
          "as a large language model",
          "as an ai assistant",
          "as an artificial intelligence",
          "i am an ai language model",
          "i'm an ai language model",
          "i cannot fulfill",
          "i can't fulfill",
          "i'm sorry, but i can",
          "i am sorry, but i can",
          "my knowledge cutoff",
          "my training data only goes");

  /** Politeness in front of an answer; one in five is too much. */
  private static final List<String> OPENERS =
      List.of(
          "sure!",
          "sure,",
          "sure thing",
          "certainly!",
          "certainly,",
          "of course!",
          "of course,",
          "absolutely!",
          "great question",
          "happy to help",
          "i'd be happy to");

  private final Frequent openings = new Frequent();
  private final Frequent endings = new Frequent();
  private final Frequent answers = new Frequent();
  private final Frequent phrases = new Frequent();
  private final Frequent openers = new Frequent();
  private long rows;

  /** What of an answer can be common; null for what it is too short for. */
  private record Pieces(
      String answer,
      @Nullable String opening,
      @Nullable String ending,
      @Nullable String phrase,
      @Nullable String opener) {}

  @Override
  public @Nullable Runnable examine(CheckedRow row) {
    if (row.place().file() != DataFile.DATA || row.texts().prompt().isBlank()) {
      return null;
    }
    Pieces pieces = pieces(row.texts().answer().strip());
    return () -> accept(row.place(), pieces);
  }

  private static Pieces pieces(String answer) {
    String begin = answer.substring(0, Math.min(answer.length(), 400)).toLowerCase(Locale.ROOT);
    begin = begin.replace('’', '\'');
    return new Pieces(
        Shown.line(answer, 200),
        firstWords(answer),
        lastWords(answer),
        first(PHRASES, begin, false),
        first(OPENERS, begin, true));
  }

  private static @Nullable String first(List<String> texts, String answer, boolean atStart) {
    for (String text : texts) {
      if (atStart ? answer.startsWith(text) : answer.contains(text)) {
        return text;
      }
    }
    return null;
  }

  /** The first words of an answer that goes on after them. */
  private static @Nullable String firstWords(String text) {
    int words = 0;
    for (int i = 1; i < Math.min(text.length(), 400); i++) {
      if (Character.isWhitespace(text.charAt(i))
          && !Character.isWhitespace(text.charAt(i - 1))
          && ++words == WORDS) {
        return text.substring(0, i);
      }
    }
    return null;
  }

  private static @Nullable String lastWords(String text) {
    int words = 0;
    for (int i = text.length() - 2; i >= Math.max(0, text.length() - 400); i--) {
      if (Character.isWhitespace(text.charAt(i))
          && !Character.isWhitespace(text.charAt(i + 1))
          && ++words == WORDS) {
        return text.substring(i + 1);
      }
    }
    return null;
  }

  private void accept(Place place, Pieces pieces) {
    rows++;
    answers.add(place, pieces.answer());
    add(openings, place, pieces.opening());
    add(endings, place, pieces.ending());
    add(phrases, place, pieces.phrase());
    add(openers, place, pieces.opener());
  }

  private static void add(Frequent counts, Place place, @Nullable String text) {
    if (text != null) {
      counts.add(place, text);
    }
  }

  @Override
  public List<Finding> findings() {
    List<Finding> all = new ArrayList<>();
    double many = Math.max(FEWEST, SAME_WORDS * rows);
    List<Frequent.Entry> same = answers.atLeast(Math.max(FEWEST, SAME_ANSWER * rows));
    if (!isClasses()) {
      add(all, same, "have the same answer");
    }
    if (same.isEmpty()) {
      add(all, openings.atLeast(many), "begin with the same words");
      add(all, endings.atLeast(many), "end with the same words");
    }
    add(all, openers.atLeast(many), "begin with a phrase that says nothing");
    double some = Math.max(FEWEST_PHRASES, SAME_PHRASE * rows);
    add(all, phrases.atLeast(some), "speak of the assistant itself");
    return all;
  }

  /** Whether nearly all answers are repeated ones, as classes are. */
  private boolean isClasses() {
    long repeated = answers.atLeast(3).stream().mapToLong(Frequent.Entry::count).sum();
    return repeated > 0.8 * rows;
  }

  private void add(List<Finding> all, List<Frequent.Entry> entries, String what) {
    for (Frequent.Entry entry : entries.subList(0, Math.min(3, entries.size()))) {
      all.add(
          new Finding(
              CheckCode.BOILERPLATE,
              CheckCode.BOILERPLATE.severity(),
              entry.count(),
              entry.places(),
              String.format(Locale.ROOT, "%s (%.1f %%)", what, 100.0 * entry.count() / rows),
              Shown.quoted(entry.sample())));
    }
  }
}
