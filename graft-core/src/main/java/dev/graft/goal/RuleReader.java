package dev.graft.goal;

import dev.graft.InputException;
import dev.graft.config.Shown;
import dev.graft.config.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one item of a goal's rules: a phrase, or a mapping of checks. */
final class RuleReader {
  private static final List<String> CHECKS =
      Stream.concat(
              Measure.keys().stream(),
              Stream.of(
                  "form",
                  "json-schema",
                  "language",
                  Edge.OPENING,
                  Edge.ENDING,
                  "must-match",
                  "must-not-match",
                  "must-contain",
                  "must-not-contain",
                  "must-mention",
                  "first-person"))
          .toList();
  private static final List<String> KEYS =
      Stream.concat(CHECKS.stream(), Stream.of("rule", "share", "when")).toList();

  private final GoalYaml yaml;
  private final Map<String, LinearRegex> captures;
  private final double share;

  /**
   * @param captures what the goal takes from prompts, by name
   * @param share least share where a rule gives none
   */
  RuleReader(GoalYaml yaml, Map<String, LinearRegex> captures, double share) {
    this.yaml = yaml;
    this.captures = captures;
    this.share = share;
  }

  List<Rule> read(YamlValue item) {
    if (item instanceof YamlValue.Scalar) {
      return List.of(new Rule(phrase(item), share, null, false));
    }
    Map<String, YamlValue> keys = yaml.mapping(item, "a rule", KEYS);
    YamlValue given = keys.remove("share");
    double least = given == null ? share : yaml.share(given);
    YamlValue condition = keys.remove("when");
    LinearRegex when = condition == null ? null : yaml.regex(condition, "when");
    if (keys.isEmpty()) {
      throw yaml.wrong(item, "a rule needs one of: rule, " + String.join(", ", CHECKS));
    }
    List<Rule> rules = new ArrayList<>();
    keys.forEach((key, value) ->
        checks(key, value).forEach(check -> rules.add(new Rule(check, least, when, false))));
    return rules;
  }

  private Check phrase(YamlValue value) {
    String text = yaml.shortText(value, "a rule");
    try {
      return Phrases.read(text, captures);
    } catch (IllegalArgumentException e) {
      throw yaml.wrong(value, GoalYaml.oneLine(e));
    }
  }

  private List<Check> checks(String key, YamlValue value) {
    return switch (key) {
      case "rule" -> List.of(phrase(value));
      case "form" -> List.of(Checks.form(forms(value)));
      case "json-schema" -> List.of(SchemaReader.read(value, yaml));
      case "language" -> List.of(Checks.language(languages(value)));
      case Edge.OPENING, Edge.ENDING -> List.of(edge(key, value));
      case "must-match" -> regexes(key, value).stream().map(Checks::mustMatch).toList();
      case "must-not-match" -> regexes(key, value).stream().map(Checks::mustNotMatch).toList();
      case "must-contain" -> yaml.texts(value, key).stream().map(Checks::contains).toList();
      case "must-not-contain" -> List.of(Checks.containsNone(yaml.texts(value, key)));
      case "must-mention" -> mentions(value);
      case "first-person" -> firstPerson(value);
      default -> List.of(length(Measure.named(key).orElseThrow(), value));
    };
  }

  private Check length(Measure measure, YamlValue value) {
    if (value instanceof YamlValue.Scalar) {
      int exactly = yaml.whole(value, measure.key());
      return measure.between(exactly, exactly);
    }
    Map<String, YamlValue> keys = yaml.mapping(value, measure.key(), List.of("min", "max"));
    YamlValue min = keys.get("min");
    YamlValue max = keys.get("max");
    int least = min == null ? 0 : yaml.whole(min, "min");
    int most = max == null ? Integer.MAX_VALUE : yaml.whole(max, "max");
    if (keys.isEmpty() || least > most) {
      throw yaml.wrong(
          value, measure.key() + (keys.isEmpty() ? " needs min or max" : ": min is above max"));
    }
    return measure.between(least, most);
  }

  private List<YamlValue> items(YamlValue value) {
    return value instanceof YamlValue.Sequence sequence ? sequence.items() : List.of(value);
  }

  private List<String> forms(YamlValue value) {
    List<String> forms = new ArrayList<>();
    for (YamlValue item : items(value)) {
      forms.add(yaml.word(item, "form", Checks.forms()));
    }
    return nonEmpty(value, "form", forms);
  }

  private <T> List<T> nonEmpty(YamlValue value, String key, List<T> items) {
    if (items.isEmpty()) {
      throw yaml.wrong(value, key + " is an empty list");
    }
    return items;
  }

  private Set<String> languages(YamlValue value) {
    Set<String> codes = new LinkedHashSet<>();
    for (YamlValue item : items(value)) {
      String word = yaml.shortText(item, "language");
      codes.add(
          Languages.code(word)
              .orElseThrow(() ->
                  yaml.wrong(
                      item,
                      "language "
                          + Shown.quoted(word)
                          + " is none of "
                          + String.join(", ", Languages.codes()))));
    }
    nonEmpty(value, "language", List.copyOf(codes));
    return codes;
  }

  private Check edge(String key, YamlValue value) {
    if (!(value instanceof YamlValue.Mapping)) {
      return new Edge(key, yaml.texts(value, key), List.of(), null).check();
    }
    Map<String, YamlValue> keys = yaml.mapping(value, key, List.of("one-of", "none-of", "match"));
    if (keys.isEmpty()) {
      throw yaml.wrong(value, key + " needs one-of, none-of or match");
    }
    YamlValue oneOf = keys.get("one-of");
    YamlValue noneOf = keys.get("none-of");
    return new Edge(
            key,
            oneOf == null ? List.of() : yaml.texts(oneOf, "one-of"),
            noneOf == null ? List.of() : yaml.texts(noneOf, "none-of"),
            edgeRegex(key, keys.get("match")))
        .check();
  }

  private @Nullable LinearRegex edgeRegex(String key, @Nullable YamlValue match) {
    if (match == null) {
      return null;
    }
    return key.equals(Edge.OPENING)
        ? yaml.regex(match, "match")
        : yaml.regex(match, "match", "(?:", ")\\z");
  }

  private List<LinearRegex> regexes(String key, YamlValue value) {
    List<LinearRegex> regexes = new ArrayList<>();
    for (YamlValue item : items(value)) {
      regexes.add(yaml.regex(item, key));
    }
    return nonEmpty(value, key, regexes);
  }

  private List<Check> mentions(YamlValue value) {
    List<Check> checks = new ArrayList<>();
    for (YamlValue item : items(value)) {
      String name = Words.normal(yaml.shortText(item, "must-mention"));
      LinearRegex capture = captures.get(name);
      if (capture == null) {
        throw undefined(item, name);
      }
      checks.add(Checks.mentions(name, capture));
    }
    return nonEmpty(value, "must-mention", checks);
  }

  private InputException undefined(YamlValue item, String name) {
    return yaml.wrong(item, Phrases.undefined(name));
  }

  private List<Check> firstPerson(YamlValue value) {
    if (yaml.yes(value, "first-person")) {
      throw yaml.wrong(value, "first-person: true asks for nothing; leave it out");
    }
    return List.of(Checks.noFirstPerson());
  }
}
