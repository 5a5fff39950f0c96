package dev.graft.goal;

import dev.graft.InputException;
import dev.graft.config.YamlReader;
import dev.graft.config.YamlValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a goal file. */
final class GoalReader {
  private static final List<String> KEYS = List.of("share", "from-prompt", "rules", "examples");
  private static final int MOST_RULES = 100;
  private static final int MOST_EXAMPLES = 1000;

  private final Path file;
  private final GoalYaml yaml;

  GoalReader(Path file) {
    this.file = file;
    this.yaml = new GoalYaml(file);
  }

  Goal read() {
    Map<String, YamlValue> keys = yaml.mapping(YamlReader.read(file), "a goal", KEYS);
    YamlValue given = keys.get("share");
    double share = given == null ? Goal.DEFAULT_SHARE : yaml.share(given);
    YamlValue captures = keys.get("from-prompt");
    var reader = new RuleReader(yaml, captures == null ? Map.of() : captures(captures), share);
    YamlValue stated = keys.get("rules");
    List<Rule> rules = stated == null ? new ArrayList<>() : rules(stated, reader);
    YamlValue shown = keys.get("examples");
    List<Sample> examples = shown == null ? List.of() : examples(shown, rules);
    if (!examples.isEmpty()) {
      rules.addAll(ExampleRules.derive(examples, rules, share));
    }
    if (rules.isEmpty()) {
      throw InputException.in(
          file, "asks for nothing; give 'rules:', or 'examples:' with at least 3 good answers");
    }
    if (rules.size() > MOST_RULES) {
      throw InputException.in(file, "has more than " + MOST_RULES + " rules");
    }
    return new Goal(file, rules);
  }

  private Map<String, LinearRegex> captures(YamlValue value) {
    if (!(value instanceof YamlValue.Mapping mapping)) {
      throw yaml.wrong(value, "from-prompt must be lines of 'name: expression'");
    }
    Map<String, LinearRegex> captures = new LinkedHashMap<>();
    for (YamlValue.Entry entry : mapping.entries()) {
      String name = yaml.shortText(entry.key(), "a name of from-prompt");
      captures.put(Words.normal(name), yaml.regex(entry.value(), "from-prompt"));
    }
    return captures;
  }

  private List<Rule> rules(YamlValue value, RuleReader reader) {
    List<YamlValue> items =
        value instanceof YamlValue.Sequence sequence ? sequence.items() : List.of(value);
    List<Rule> rules = new ArrayList<>();
    for (YamlValue item : items) {
      rules.addAll(reader.read(item));
    }
    return rules;
  }

  private List<Sample> examples(YamlValue value, List<Rule> rules) {
    if (!(value instanceof YamlValue.Sequence sequence)
        || sequence.items().size() > MOST_EXAMPLES) {
      throw yaml.wrong(value, "examples must be a list of at most " + MOST_EXAMPLES);
    }
    List<Sample> examples = new ArrayList<>();
    for (YamlValue item : sequence.items()) {
      examples.add(example(item, rules));
    }
    return examples;
  }

  private Sample example(YamlValue item, List<Rule> rules) {
    String prompt = "";
    YamlValue answer = item;
    if (item instanceof YamlValue.Mapping) {
      Map<String, YamlValue> keys = yaml.mapping(item, "an example", List.of("prompt", "answer"));
      YamlValue asked = keys.get("prompt");
      prompt = asked == null ? "" : yaml.text(asked, "prompt");
      answer = keys.get("answer");
      if (answer == null) {
        throw yaml.wrong(item, "an example needs an 'answer:'");
      }
    }
    Sample sample = new Sample(prompt, yaml.text(answer, "an example's answer"));
    for (Rule rule : rules) {
      if (!rule.concerns(sample)) {
        continue;
      }
      Outcome outcome = rule.check().of(sample);
      if (outcome.state() == Outcome.State.MISSED) {
        throw yaml.wrong(
            item, "this example breaks the rule '" + rule.check().text() + "': " + outcome.what());
      }
    }
    return sample;
  }
}
