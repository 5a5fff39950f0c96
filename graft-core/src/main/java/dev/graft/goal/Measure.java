package dev.graft.goal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What of an answer can be counted. */
enum Measure {
  WORDS,
  SENTENCES,
  LINES,
  CHARACTERS;

  int of(Sample sample) {
    return switch (this) {
      case WORDS -> sample.words();
      case SENTENCES -> sample.sentences();
      case LINES -> sample.lines();
      case CHARACTERS -> sample.characters();
    };
  }

  /** The key of the goal file. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> keys() {
    return Stream.of(values()).map(Measure::key).toList();
  }

  /** The measure of this name, in the singular or plural. */
  static Optional<Measure> named(String name) {
    return Stream.of(values())
        .filter(m -> m.key().equals(name) || m.key().equals(name + "s"))
        .findFirst();
  }

  /** {@code 1 word}, {@code 25 words}. */
  String counted(int number) {
    return number + " " + (number == 1 ? key().substring(0, key().length() - 1) : key());
  }

  /** Asks for a number between {@code least} and {@code most}, both included. */
  Check between(int least, int most) {
    String text =
        least == most
            ? "exactly " + counted(least)
            : most == Integer.MAX_VALUE
                ? "at least " + counted(least)
                : least == 0 ? "at most " + counted(most) : least + " to " + counted(most);
    return new Check(key(), text, sample -> judge(sample, least, most));
  }

  private Outcome judge(Sample sample, int least, int most) {
    int number = of(sample);
    if (number >= least && number <= most) {
      return Outcome.MET;
    }
    double off =
        number < least ? least / (double) Math.max(1, number) : number / (double) Math.max(1, most);
    return Outcome.missed(off, counted(number));
  }
}
