package dev.graft.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.adapter.TargetModules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OptionsFileTest {
  private static final String GOOD =
      """
      # A run.
      model: models/smol
      data: "train.jsonl"
      valid: ~
      target-modules: [q_proj, 'v_proj']
      rank-pattern:
        q_proj: 8
        layers\\.1\\.v_proj: 0x
      learning-rate: 2e-4
      packing: false
      seed: 7
      """
          .replace("0x", "4");

  @TempDir private Path folder;

  @Test
  void file_everyForm_isRead() throws IOException {
    TrainOptions options = TrainOptions.builder().file(yaml(GOOD)).build();
    assertThat(options.model()).isEqualTo(Path.of("models/smol"));
    assertThat(options.data()).isEqualTo(Path.of("train.jsonl"));
    assertThat(options.valid()).isEmpty();
    assertThat(options.targetModules())
        .isEqualTo(new TargetModules.Named(List.of("q_proj", "v_proj")));
    assertThat(options.rankPattern())
        .containsEntry("q_proj", 8)
        .containsEntry("layers\\.1\\.v_proj", 4);
    assertThat(options.learningRate()).hasValue(2e-4);
    assertThat(options.microBatches().packing()).isFalse();
    assertThat(options.seed()).isEqualTo(7);
  }

  @Test
  void file_wordsThatYamlTwistsElsewhere_staySpelled() throws IOException {
    TrainOptions options = TrainOptions.builder().file(yaml("model: no\ndata: 007\n")).build();
    assertThat(options.model()).isEqualTo(Path.of("no"));
    assertThat(options.data()).isEqualTo(Path.of("007"));
  }

  @Test
  void file_emptyOrOnlyComments_isNoOptions() throws IOException {
    for (String text : List.of("", "# nothing\n", "---\n", "{}")) {
      assertThatThrownBy(() -> TrainOptions.builder().file(yaml(text)).build())
          .hasMessageStartingWith("model is missing");
    }
  }

  static Stream<Arguments> bad() {
    return Stream.of(
        Arguments.of("model: m\nrnak: 3\n", ":2: unknown key 'rnak'; did you mean 'rank'?"),
        Arguments.of("batch_size: 3\n", ":1: unknown key 'batch_size'; did you mean 'batch-size'?"),
        Arguments.of("lora_alpha: 3\n", ":1: unknown key 'lora_alpha'; did you mean 'alpha'?"),
        Arguments.of("zzzzzzzz: 3\n", ":1: unknown key 'zzzzzzzz'"),
        Arguments.of("\n\nrank: many\n", ":3: rank: must be a whole number from 1 to 65536, not"),
        Arguments.of("rank: [1]\n", ":1: rank: must be a whole number from 1 to 65536, not a list"),
        Arguments.of("model: {a: b}\n", ":1: model: must be the path of a file or folder, not a"),
        Arguments.of("packing: yes\n", ":1: packing: must be true or false, not 'yes'"),
        Arguments.of("rank: 1\nrank: 2\n", ":2: key 'rank' is given twice"),
        Arguments.of("rank: 1\n'rank': 2\n", ":2: key 'rank' is given twice"),
        Arguments.of("model: &a m\ndata: *a\n", ":1: anchors and aliases"),
        Arguments.of("model: !!java.net.URL [x]\n", ":1: tags ("),
        Arguments.of("model: !x y\n", ":1: tags ('!x') are not supported"),
        Arguments.of("a: [[[[[[[[[[[[1]]]]]]]]]]]]\n", ":1: is nested deeper than 8 levels"),
        Arguments.of("- rank\n", ":1: expected lines of 'key: value', found a list"),
        Arguments.of("rank\n", ":1: expected lines of 'key: value', found 'rank'"),
        Arguments.of("? [a]\n: b\n", ":1: a key must be a word"),
        Arguments.of("rank: 1\n---\nrank: 2\n", ":3: holds a second document"),
        Arguments.of("rank: 1\n---\n---\n", ":3: holds a second document"),
        Arguments.of("rank: 'x\n", ":2: not YAML: found unexpected end of stream"),
        Arguments.of("rank: 1\n  alpha: 2\n", ":2: not YAML: mapping values are not allowed here"),
        Arguments.of("model: \"\\UE0000041\"\n", ": is not YAML: an escape in it is no"),
        Arguments.of("rank: \u0007\n", ": is not YAML: "),
        Arguments.of("target-modules: []\n", ":1: target-modules: must be all-linear, a list of"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void file_wrong_namesFileLineAndWhat(String text, String message) throws IOException {
    Path file = yaml(text);
    assertThatThrownBy(() -> TrainOptions.builder().file(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void file_aliasBomb_isRefusedAtOnce() throws IOException {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 60; i++) {
      String item = "*a" + (i - 1);
      bomb.append("a" + i + ": &a" + i + " [" + String.join(", ", List.of(item, item)) + "]\n");
    }
    assertThatThrownBy(() -> TrainOptions.builder().file(yaml(bomb.toString())))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("anchors and aliases");
  }

  @Test
  void file_deepNestingInManyForms_isRefused() throws IOException {
    for (String open : List.of("[", "{a: ", "- ", "? ", "- - ", "[{a: ")) {
      Path file = yaml("rank: 1\nx: \n  " + open.repeat(100_000));
      assertThatThrownBy(() -> TrainOptions.builder().file(file))
          .isInstanceOf(InputException.class)
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void file_hugeMissingFolderOrNotUtf8_isRefused() throws IOException {
    Path huge = Files.writeString(folder.resolve("huge.yaml"), "#".repeat((1 << 20) + 1));
    Path latin = Files.write(folder.resolve("l.yaml"), new byte[] {'a', ':', (byte) 0xe4});
    refused(huge, "is larger than 1 MiB");
    refused(latin, "is not text in UTF-8");
    refused(folder.resolve("missing.yaml"), "no such file");
    refused(folder, "cannot be read");
  }

  /** Whatever is done to the file, it reads, or is refused in one line that names it. */
  @Test
  void file_mutated_neverFailsOtherwise() {
    Path file = Path.of("run.yaml");
    Random random = new Random(20260101);
    String alphabet = "\n\t :-[]{}&*!|>'\"%@`,?#~\\\0x9eénul\uFEFF\u2028";
    int refused = 0;
    for (int round = 0; round < 4000; round++) {
      String text = mutated(GOOD, alphabet, random);
      try {
        assertThat(OptionsFile.values(file, YamlReader.parse(file, text))).isNotNull();
      } catch (InputException e) {
        refused++;
        assertThat(e.getMessage())
            .startsWith("run.yaml:")
            .doesNotContain("\n")
            .doesNotContain("\r");
      }
    }
    assertThat(refused).isBetween(1000, 3999);
  }

  private static String mutated(String text, String alphabet, Random random) {
    StringBuilder mutated = new StringBuilder(text);
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes && mutated.length() > 3; i++) {
      int at = random.nextInt(mutated.length());
      char other = alphabet.charAt(random.nextInt(alphabet.length()));
      switch (random.nextInt(4)) {
        case 0 -> mutated.setCharAt(at, other);
        case 1 -> mutated.insert(at, other);
        case 2 -> mutated.delete(at, at + 1 + random.nextInt(8));
        default -> {
          int end = Math.min(mutated.length(), at + 1 + random.nextInt(30));
          mutated.insert(random.nextInt(mutated.length()), mutated.substring(at, end));
        }
      }
    }
    if (random.nextInt(8) == 0) {
      mutated.setLength(random.nextInt(mutated.length()));
    }
    return mutated.toString();
  }

  private static void refused(Path file, String message) {
    assertThatThrownBy(() -> TrainOptions.builder().file(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ": " + message);
  }

  private Path yaml(String text) throws IOException {
    return Files.writeString(folder.resolve("run.yaml"), text);
  }
}
