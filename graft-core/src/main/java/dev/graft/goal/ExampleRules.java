package dev.graft.goal;

import dev.graft.data.language.LanguageGuess;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Rules that good examples suggest, for what no rule was given.
 *
 * <p>Words lie between the 5% and the 95% quantile of the examples, a quarter wider at both ends;
 * sentences between the fewest and the most. Form, first word, language and the last sign become a
 * rule where all examples agree on them.
 */
final class ExampleRules {
  static final int FEWEST = 3;

  private static final double SLACK = 0.25;

  private final List<Sample> examples;

  private ExampleRules(List<Sample> examples) {
    this.examples = examples;
  }

  /** What at least {@value #FEWEST} examples suggest; nothing from fewer. */
  static List<Rule> derive(List<Sample> examples, List<Rule> given, double share) {
    if (examples.size() < FEWEST) {
      return List.of();
    }
    Set<String> covered =
        given.stream().map(rule -> rule.check().code()).collect(Collectors.toSet());
    var rules = new ExampleRules(examples);
    List<Optional<Check>> found =
        List.of(rules.words(), rules.sentences(), rules.form(), rules.opening(), rules.ending());
    List<Check> checks = new ArrayList<>();
    found.forEach(check -> check.ifPresent(checks::add));
    rules.language().ifPresent(checks::add);
    return checks.stream()
        .filter(check -> !covered.contains(check.code()))
        .map(check -> new Rule(check, share, null, true))
        .toList();
  }

  private Optional<Check> words() {
    int[] sorted = examples.stream().mapToInt(Sample::words).sorted().toArray();
    int low = sorted[(int) Math.floor(0.05 * (sorted.length - 1))];
    int high = sorted[(int) Math.ceil(0.95 * (sorted.length - 1))];
    int least = Math.max(1, (int) Math.floor(low * (1 - SLACK)));
    return Optional.of(
        Measure.WORDS.between(least, Math.max(least, (int) Math.ceil(high * (1 + SLACK)))));
  }

  private Optional<Check> sentences() {
    var counts = examples.stream().mapToInt(Sample::sentences).summaryStatistics();
    return Optional.of(Measure.SENTENCES.between(counts.getMin(), counts.getMax()));
  }

  private Optional<Check> form() {
    return agreed(sample -> sample.form().toString()).map(form -> Checks.form(List.of(form)));
  }

  private Optional<Check> opening() {
    return agreed(sample -> Style.firstWord(sample.answer()))
        .filter(word -> !word.isEmpty())
        .map(word -> new Edge(Edge.OPENING, List.of(word), List.of(), null).check());
  }

  /** All end with the same sign, or none with a sign that ends sentences. */
  private Optional<Check> ending() {
    Optional<String> sign = agreed(sample -> Style.lastSign(sample.answer()));
    return sign.map(s ->
        s.isEmpty()
            ? new Edge(Edge.ENDING, List.of(), Style.FINAL_SIGNS, null).check()
            : new Edge(Edge.ENDING, List.of(s), List.of(), null).check());
  }

  private Optional<Check> language() {
    String together = examples.stream().map(Sample::answer).collect(Collectors.joining("\n"));
    return LanguageGuess.of(together)
        .map(LanguageGuess::code)
        .filter(code ->
            examples.stream()
                .allMatch(sample ->
                    sample.language().map(guess -> guess.code().equals(code)).orElse(true)))
        .map(code -> Checks.language(Set.of(code.toLowerCase(Locale.ROOT))));
  }

  private Optional<String> agreed(Function<Sample, String> what) {
    Set<String> values = examples.stream().map(what).collect(Collectors.toSet());
    return values.size() == 1 ? Optional.of(values.iterator().next()) : Optional.empty();
  }
}
