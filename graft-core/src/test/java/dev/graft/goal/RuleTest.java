package dev.graft.goal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule with an answer that meets it and one that breaks it. */
class RuleTest {
  private static final String PROMPT = "Describe it.\nProduct: Acme Kettle\nColour: red";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          words: {min: 2, max: 3}              | one two three | one            | 2 to 3 words
          words: {max: 3}                      | one two       | one two 3 four | at most 3 words
          words: 2                             | one two       | one            | exactly 2 words
          sentences: 1                         | See e.g. it.  | See. It.       | exactly 1 sentence
          characters: {min: 3}                 | äöü           | äö             | at least 3 characters
          lines: {max: 1}                      | one           | one¶two        | at most 1 line
          form: plain                          | Just text.    | **Bold** text  | form plain
          form: markdown                       | # Head¶text   | text           | form markdown
          form: list                           | - a¶- b       | a and b        | form list
          form: json                           | {"a": 1}      | {"a": 1,}      | form json
          form: code                           | ```¶x = 1¶``` | x = 1          | form code
          form: single-line                    | one           | one¶two        | form single-line
          form: [list, json]                   | [1]           | text           | form list or json
          language: de                         | Das ist gut und nicht schlecht. | This is good and not bad. | in German
          opening: {one-of: [Yes, No]}         | No, thanks    | Maybe          | starts with 'Yes' or 'No'
          opening: {none-of: [Sure]}           | It is         | Sure, it is    | never starts with 'Sure'
          opening: {match: "[A-Z]"}            | It            | it             | opening matches '[A-Z]'
          opening: Yes                         | Yes           | No             | starts with 'Yes'
          ending: "."                          | It is.        | It is          | ends with '.'
          ending: {match: "[.!]"}              | It is!        | It. is         | ending matches '(?:[.!])\\z'
          ending: {none-of: ["?"]}             | It is         | Is it?         | never ends with '?'
          must-match: "\\\\d+ kg"              | has 12 kg     | has kg         | matches '\\d+ kg'
          must-not-match: "https?://"          | see there     | see http://a   | does not match 'https?://'
          must-contain: kettle                 | a red Kettle! | a red kettles  | says 'kettle'
          must-not-contain: [as an AI, sorry]  | It is fine    | I'm Sorry, no  | never says 'as an AI' or 'sorry'
          must-mention: product                | the acme kettle boils | the acme boils | names the product
          first-person: false                  | It boils the I/O in "my" US. | In my view, it boils the water and we drink. | no first person
          """)
  void rule_key_tellsGoodFromBad(String rule, String good, String bad, String text) {
    judge("- " + rule, good, bad, text.replace("\\\\", "\\"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          one sentence          | One here.        | One. Two.       | exactly 1 sentence
          a single sentence     | One here.        | One. Two.       | exactly 1 sentence
          At most 3 words.      | one two          | 1 2 3 4         | at most 3 words
          no more than two lines| a¶b              | a¶b¶c           | at most 2 lines
          up to 5 characters    | abcde            | abcdef          | at most 5 characters
          at least 2 words      | a b              | a               | at least 2 words
          exactly 2 words       | a b              | a               | exactly 2 words
          between 2 and 3 words | a b              | a b c d         | 2 to 3 words
          2 to 3 sentences      | A is. B is.      | A is.           | 2 to 3 sentences
          in english            | This is what it is. | Das ist es und nicht mehr. | in English
          valid JSON            | 12               | twelve          | form json
          no markdown           | text             | `code` it       | form plain or json
          plain text            | text             | # head          | form plain
          a list                | 1. a¶2. b        | a               | form list
          one line              | a                | a¶b             | exactly 1 line
          single line           | a                | a¶b             | form single-line
          starts with "The "    | The end          | Then            | starts with 'The '
          begins with The       | The end          | An end          | starts with 'The'
          ends with .           | The end.         | An end          | ends with '.'
          never starts with Sure| It is            | Sure it is      | never starts with 'Sure'
          does not end with !   | It is            | It is!          | never ends with '!'
          says "thank you"      | I Thank  you     | thanks          | says 'thank you'
          never says sorry      | It is            | so sorry.       | never says 'sorry'
          names the Product     | Acme  Kettle: ok | Kettle          | names the product
          mentions the product  | Acme Kettle      | Kettle          | names the product
          no first person       | It is            | I am            | no first person
          """)
  void rule_phrase_tellsGoodFromBad(String rule, String good, String bad, String text) {
    judge("- '" + rule + "'", good, bad, text);
  }

  private void judge(String rule, String good, String bad, String text) {
    Goal goal = Goals.goal(folder, "from-prompt: {product: 'Product: (.+)'}\nrules:\n" + rule);
    assertThat(goal.rules()).containsExactly(text);
    GoalReport report = Goals.report(goal, PROMPT, good.replace('¶', '\n'), bad.replace('¶', '\n'));
    GoalReport.RuleResult result = report.rules().getFirst();
    assertThat(result.counts()).isEqualTo(new GoalReport.Counts(1, 1, 0, 0));
    assertThat(result.worst()).singleElement().matches(worst -> worst.line() == 2);
    assertThat(result.worst().getFirst().what()).isNotBlank();
    assertThat(report.opposite()).isEqualTo(1);
    assertThat(report.met()).isFalse();
  }
}
