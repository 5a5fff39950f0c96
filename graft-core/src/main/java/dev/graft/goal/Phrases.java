package dev.graft.goal;

import dev.graft.config.Shown;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Understands rules that are written as short English phrases. */
final class Phrases {
  /** The phrases, for the message about one that is not understood. */
  static final String LIST =
      "\"one sentence\", \"exactly|at most|at least N words|sentences|lines|characters\","
          + " \"N to M words\", \"in German\", \"valid JSON\", \"plain text\", \"no markdown\","
          + " \"a list\", \"one line\", \"starts with X\", \"ends with X\","
          + " \"never starts|ends with X\", \"says X\", \"never says X\","
          + " \"names the X\" (with X under from-prompt), \"no first person\"";

  private static final String NUMBER =
      "(\\d{1,8}|one|two|three|four|five|six|seven|eight|nine|ten|a|an)";
  private static final String UNIT = "(single )?(\\p{L}{1,20})";
  private static final Pattern LIMIT =
      Pattern.compile(
          "(?i)(?:(exactly|at most|no more than|up to|at least) )?" + NUMBER + " " + UNIT);
  private static final Pattern RANGE =
      Pattern.compile("(?i)(?:between )?" + NUMBER + " (?:to|and) " + NUMBER + " " + UNIT);
  private static final Pattern EDGE =
      Pattern.compile("(?is)(never |does not |do not )?(start|begin|end)s? with (.{1,400})");
  private static final Pattern SAYS =
      Pattern.compile("(?is)(never |does not |do not )?(?:say|contain)s? (.{1,400})");
  private static final Pattern NAMES = Pattern.compile("(?is)(?:name|mention)s? the (.{1,100})");
  private static final Pattern LANGUAGE = Pattern.compile("(?i)in (\\p{L}{2,30})");
  private static final List<String> NUMBERS =
      List.of("zero one two three four five six seven eight nine ten".split(" ", -1));

  private final String text;
  private final Map<String, LinearRegex> captures;

  private Phrases(String text, Map<String, LinearRegex> captures) {
    this.text = text;
    this.captures = captures;
  }

  /**
   * What a phrase asks for.
   *
   * @param captures what the goal takes from prompts, by name
   * @throws IllegalArgumentException with the list of phrases where it is none of them
   */
  static Check read(String text, Map<String, LinearRegex> captures) {
    String plain = text.strip().replaceAll("\\s+", " ");
    if (plain.endsWith(".") && !plain.matches("(?i).*\\bwith.*")) {
      plain = plain.substring(0, plain.length() - 1);
    }
    var phrases = new Phrases(plain, captures);
    return phrases
        .fixed()
        .or(phrases::limit)
        .or(phrases::range)
        .or(phrases::edge)
        .or(phrases::says)
        .or(phrases::names)
        .or(phrases::language)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "rule " + Shown.quoted(text) + " is not understood; it can be " + LIST));
  }

  /** What to do where a name is not defined. */
  static String undefined(String name) {
    return "names the "
        + name
        + ", which needs a line 'from-prompt: {"
        + name
        + ": EXPRESSION}' that captures it in the prompt, like 'Product: (.+)'";
  }

  private Optional<Check> fixed() {
    return Optional.ofNullable(
        switch (text.toLowerCase(Locale.ROOT)) {
          case "valid json", "json" -> Checks.form(List.of("json"));
          case "plain text" -> Checks.form(List.of("plain"));
          case "no markdown" -> Checks.form(List.of("plain", "json"));
          case "a list", "list" -> Checks.form(List.of("list"));
          case "single line" -> Checks.form(List.of(Checks.SINGLE_LINE));
          case "no first person" -> Checks.noFirstPerson();
          default -> null;
        });
  }

  private Optional<Check> limit() {
    Matcher matcher = LIMIT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int number = number(matcher.group(2));
    String how = matcher.group(1) == null ? "exactly" : matcher.group(1).toLowerCase(Locale.ROOT);
    return measure(matcher.group(4))
        .map(measure ->
            switch (how) {
              case "exactly" -> measure.between(number, number);
              case "at least" -> measure.between(number, Integer.MAX_VALUE);
              default -> measure.between(0, number);
            });
  }

  private Optional<Check> range() {
    Matcher matcher = RANGE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int least = number(matcher.group(1));
    int most = number(matcher.group(2));
    if (least > most) {
      throw new IllegalArgumentException("rule '" + text + "' ends before it begins");
    }
    return measure(matcher.group(4)).map(measure -> measure.between(least, most));
  }

  private static Optional<Measure> measure(String word) {
    return Measure.named(word.toLowerCase(Locale.ROOT));
  }

  private static int number(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    int named = lower.equals("a") || lower.equals("an") ? 1 : NUMBERS.indexOf(lower);
    return named >= 0 ? named : Integer.parseInt(word);
  }

  private Optional<Check> edge() {
    Matcher matcher = EDGE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String key = matcher.group(2).equalsIgnoreCase("end") ? Edge.ENDING : Edge.OPENING;
    List<String> what = List.of(unquoted(matcher.group(3)));
    boolean never = matcher.group(1) != null;
    return Optional.of(
        new Edge(key, never ? List.of() : what, never ? what : List.of(), null).check());
  }

  private Optional<Check> says() {
    Matcher matcher = SAYS.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String what = unquoted(matcher.group(2));
    return Optional.of(
        matcher.group(1) == null ? Checks.contains(what) : Checks.containsNone(List.of(what)));
  }

  private Optional<Check> names() {
    Matcher matcher = NAMES.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String name = Words.normal(matcher.group(1));
    LinearRegex capture = captures.get(name);
    if (capture == null) {
      throw new IllegalArgumentException(undefined(name));
    }
    return Optional.of(Checks.mentions(name, capture));
  }

  private Optional<Check> language() {
    Matcher matcher = LANGUAGE.matcher(text);
    return matcher.matches()
        ? Languages.code(matcher.group(1)).map(code -> Checks.language(Set.of(code)))
        : Optional.empty();
  }

  private static String unquoted(String text) {
    boolean quoted =
        text.length() > 2
            && "\"'“‘".indexOf(text.charAt(0)) >= 0
            && "\"'”’".indexOf(text.charAt(text.length() - 1)) >= 0;
    return quoted ? text.substring(1, text.length() - 1) : text;
  }
}
