package dev.graft.goal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class GoalReaderTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          rule: [one sentence]                 | :1: a goal has no key 'rule'; did you mean 'rules'?
          rules: [{word: 3}]                   | :1: a rule has no key 'word'; did you mean 'words'?
          rules: [{words: {mni: 3}}]           | did you mean 'min'?
          rules: [{words: {min: 3, max: 2}}]   | :1: words: min is above max
          rules: [{words: {}}]                 | words needs min or max
          rules: [{words: many}]               | words must be a whole number, not 'many'
          rules: [{words: -1}]                 | words must be a whole number
          rules: [{words: [1, 2]}]             | words must be lines of 'key: value', not a list
          rules: [{form: markdwon}]            | did you mean 'markdown'?
          rules: [{form: []}]                  | form is an empty list
          rules: [{language: klingon}]         | language 'klingon' is none of ar, bg
          rules: [{opening: {}}]               | opening needs one-of, none-of or match
          rules: [{opening: []}]               | opening must have 1 to 200 texts
          rules: [{share: 0.9}]                | a rule needs one of: rule, words
          rules: [{words: 1, share: 0}]        | share must be a number above 0 and at most 1
          rules: [{words: 1, share: 98%}]      | share must be a number above 0
          share: 2                             | share must be a number above 0
          rules: [be nice]                     | :1: rule 'be nice' is not understood; it can be "one sentence"
          rules: [at most 3 apples]            | is not understood
          rules: [3 to 2 words]                | ends before it begins
          rules: [in Klingon]                  | is not understood
          rules: [names the product]           | needs a line 'from-prompt: {product: EXPRESSION}'
          rules: [{must-mention: product}]     | needs a line 'from-prompt: {product: EXPRESSION}'
          rules: [{must-match: '(a'}]          | :1: must-match '(a' is no regular expression of RE2's syntax (missing closing ))
          rules: [{must-match: '(?=a)'}]       | is no regular expression of RE2's syntax
          rules: [{must-match: '(a)\\1'}]      | is no regular expression of RE2's syntax
          rules: [{first-person: true}]        | asks for nothing
          rules: [{first-person: perhaps}]     | must be true or false
          rules: [[one sentence]]              | a rule must be lines of 'key: value', not a list
          rules: []                            | asks for nothing
          examples: [{prompt: a}]              | an example needs an 'answer:'
          examples: {a: b}                     | examples must be a list
          examples: [a, b]                     | asks for nothing; give 'rules:', or 'examples:' with at least 3
          from-prompt: [a]                     | from-prompt must be lines of 'name: expression'
          rules: [{json-schema: none.json}]    | none.json: no such file
          rules: [{json-schema: {type: 3}}]    | :1: json-schema is no JSON Schema: /type
          rules: [{json-schema: '{"a":'}]      | json-schema is not JSON
          rules: [{json-schema: {pattern: '(?=a)'}}] | json-schema is no usable JSON Schema: pattern '(?=a)' is no regular expression
          rules: [{json-schema: {$schema: 'http://json-schema.org/draft-07/schema#'}}] | other than https://json-schema.org/draft/2020-12/schema
          rules: &a [*a]                       | anchors and aliases
          one sentence                         | expected lines of 'key: value'
          """)
  void read_wrongFile_saysWhereAndWhat(String yaml, String message) {
    Goals.refused(folder, yaml.replace("\\\\", "\\")).hasMessageContaining(message);
  }

  @Test
  void read_billionLaughs_isRefused() {
    StringBuilder yaml = new StringBuilder("a: &a [x, x]\n");
    for (char c = 'b'; c < 'z'; c++) {
      String before = "*" + (char) (c - 1);
      yaml.append(c).append(": &").append(c).append(" [").append((before + ", ").repeat(9));
      yaml.append(before).append("]\n");
    }
    Goals.refused(folder, yaml.toString()).hasMessageContaining("anchors and aliases");
  }

  @Test
  void read_deepNesting_isRefused() {
    Goals.refused(folder, "rules: " + "[".repeat(50_000)).hasMessageContaining("nested deeper");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ((a{1000}){1000}){1000}       | repeats too much
          (?:){999999999}               | repeats too much
          ((x{50}y){50}z)*              | repeats too much
          a{99999999999999999999}       | repeats too much
          """)
  void read_regexThatGrows_isRefused(String regex, String message) {
    Goals.refused(folder, "rules: [{must-match: '" + regex + "'}]").hasMessageContaining(message);
  }

  @Test
  void read_regexTooLongOrDeep_isRefused() {
    Goals.refused(folder, "rules: [{must-match: '" + "a".repeat(2000) + "'}]")
        .hasMessageContaining("longer than 1000");
    String deep = "(".repeat(400) + ")".repeat(400);
    Goals.refused(folder, "rules: [{must-match: '" + deep + "'}]")
        .hasMessageContaining("repeats too much");
  }

  @Test
  void check_regexThatWouldBacktrack_isFast() {
    Goal goal = Goals.goal(folder, "rules: [{must-match: '(a+)+b|(a|aa)*c|(.*,){12}x'}]");
    GoalReport report = Goals.report(goal, "", "a".repeat(100_000), "aaab", ",a".repeat(50_000));
    assertThat(report.rules().getFirst().counts().met()).isEqualTo(1);
  }

  @Test
  void read_exampleThatBreaksARule_isRefused() {
    Goals.refused(folder, "rules: [at most 2 words]\nexamples:\n  - fine\n  - one too many words")
        .hasMessageContaining(
            "goal.yaml:4: this example breaks the rule 'at most 2 words': 4 words");
  }

  @Test
  void read_underscores_areAsGoodAsHyphens() {
    assertThat(Goals.goal(folder, "rules: [{must_match: a, form: single_line}]").rules())
        .containsExactly("matches 'a'", "form single-line");
  }

  @Test
  void read_mappingOfRules_isOneRuleEach() {
    Goal goal = Goals.goal(folder, "rules:\n  words: {max: 3}\n  rule: in English\n  share: 0.5");
    assertThat(goal.all()).hasSize(2).allMatch(rule -> rule.share() == 0.5);
  }

  @Test
  void read_missingFile_isRefused() {
    assertThatThrownBy(() -> Goal.read(folder.resolve("no.yaml")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no such file");
  }

  @Test
  void read_notUtf8_isRefused() throws Exception {
    Path file = Files.write(folder.resolve("bad.yaml"), new byte[] {'a', (byte) 0xff});
    assertThatThrownBy(() -> Goal.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void read_goalOfTheDocumentation_isUnderstood() throws Exception {
    String page = Files.readString(Path.of("../docs/data.md"));
    String yaml = page.substring(page.indexOf("```yaml\n# goal.yaml") + 8);
    Goal goal = Goals.goal(folder, yaml.substring(0, yaml.indexOf("```")));
    assertThat(goal.rules())
        .containsExactly(
            "exactly 1 sentence",
            "at most 25 words",
            "names the product",
            "in English",
            "ends with '.'",
            "never says 'as an AI' or 'I hope this helps'",
            "form json");
  }
}
