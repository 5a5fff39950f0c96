package dev.graft.data.arrange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitTest {
  @TempDir private Path folder;
  private Path input;

  @BeforeEach
  void rows() throws IOException {
    input = folder.resolve("rows.jsonl");
    Random random = new Random(1);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      StringBuilder text = new StringBuilder();
      for (int w = 0; w < 40; w++) {
        text.append(" w").append(random.nextInt(3000));
      }
      rows.add(
          "{\"text\":\"%d%s\",\"meta\":{\"customer\":\"c%d\",\"kind\":\"%s\"}}"
              .formatted(i, text, i / 5, i % 10 == 0 ? "rare" : "common"));
      if (i % 20 == 0) {
        rows.add(rows.getLast().replaceFirst("w[0-9]+", "changed"));
      }
    }
    Files.write(input, rows);
  }

  private Split.Request request(String output) {
    return new Split.Request(
        input,
        folder.resolve(output),
        new Quota.Share(0.1),
        Optional.of(new Quota.Rows(20)),
        7,
        Optional.empty(),
        Optional.empty(),
        true,
        false);
  }

  private static Split.Request by(
      Split.Request r, Optional<String> group, Optional<String> stratum) {
    return new Split.Request(
        r.input(), r.output(), r.valid(), r.test(), r.seed(), group, stratum, true, false);
  }

  private List<List<String>> files(String output) throws IOException {
    List<List<String>> files = new ArrayList<>();
    for (String name : List.of("train.jsonl", "valid.jsonl", "test.jsonl")) {
      files.add(Files.readAllLines(folder.resolve(output).resolve(name)));
    }
    return files;
  }

  private static String value(String row, String key) {
    return row.replaceFirst(".*\"" + key + "\":\"([^\"]*)\".*", "$1");
  }

  @Test
  void split_everyRowOnceAndInOrder() throws IOException {
    var unused = Split.run(request("a"));
    List<List<String>> files = files("a");
    assertThat(files.get(1)).hasSize(32); // 10 % of 315 rows, rounded
    assertThat(files.get(2)).hasSize(20);
    List<String> all = Files.readAllLines(input);
    List<String> parts = new ArrayList<>();
    files.forEach(parts::addAll);
    assertThat(parts).containsExactlyInAnyOrderElementsOf(all);
    List<String> kept = new ArrayList<>(all);
    kept.retainAll(new HashSet<>(files.getFirst()));
    assertThat(files.getFirst()).isEqualTo(kept);
  }

  @Test
  void split_nearDuplicates_areOnOneSide() throws IOException {
    Split.Result result = Split.run(request("a"));
    assertThat(result.alike()).isEqualTo(15);
    Map<String, Integer> side = new HashMap<>();
    List<List<String>> files = files("a");
    for (int s = 0; s < 3; s++) {
      for (String row : files.get(s)) {
        Integer before = side.put(row.replaceFirst("\\{\"text\":\"([0-9]+) .*", "$1"), s);
        assertThat(before == null || before == s).as(row).isTrue();
      }
    }
  }

  @Test
  void split_groups_areNeverDivided() throws IOException {
    Split.Result result =
        Split.run(by(request("a"), Optional.of("meta.customer"), Optional.empty()));
    assertThat(result.groups()).isEqualTo(60);
    Set<String> seen = new HashSet<>();
    for (List<String> file : files("a")) {
      Set<String> here = new HashSet<>();
      file.forEach(row -> here.add(value(row, "customer")));
      here.forEach(customer -> assertThat(seen.add(customer)).as(customer).isTrue());
    }
  }

  @Test
  void split_strata_haveTheirShare() throws IOException {
    Split.Result result = Split.run(by(request("a"), Optional.empty(), Optional.of("meta.kind")));
    long rare =
        Files.readAllLines(input).stream().filter(r -> value(r, "kind").equals("rare")).count();
    List<Long> counts = result.strata().get("rare");
    assertThat(Math.abs(counts.get(1) - 32.0 * rare / 315)).isLessThanOrEqualTo(1);
    assertThat(Math.abs(counts.get(2) - 20.0 * rare / 315)).isLessThanOrEqualTo(1);
  }

  @Test
  void split_sameSeed_sameRowsWhateverTheirOrder() throws IOException {
    var unused = Split.run(request("a"));
    List<String> rows = new ArrayList<>(Files.readAllLines(input));
    Collections.shuffle(rows, new Random(3));
    Files.write(input, rows);
    unused = Split.run(request("b"));
    List<List<String>> first = files("a");
    List<List<String>> second = files("b");
    for (int s = 0; s < 3; s++) {
      Set<String> a = new HashSet<>(first.get(s));
      a.removeAll(new HashSet<>(second.get(s)));
      // Near-duplicates are found in the order of the file, so a few units may differ.
      assertThat(a.size()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void split_otherSeed_otherRows() throws IOException {
    var unused = Split.run(request("a"));
    Split.Request r = request("b");
    unused =
        Split.run(
            new Split.Request(
                r.input(),
                r.output(),
                r.valid(),
                r.test(),
                8,
                r.groupBy(),
                r.stratifyBy(),
                true,
                false));
    assertThat(files("b").get(1)).isNotEqualTo(files("a").get(1));
  }

  @Test
  void split_existingFile_isRefusedAndStays() throws IOException {
    Path valid = folder.resolve("a").resolve("valid.jsonl");
    Files.createDirectories(valid.getParent());
    Files.writeString(valid, "mine");
    assertThatThrownBy(() -> Split.run(request("a")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("exists");
    assertThat(valid).hasContent("mine");
    assertThat(folder.resolve("a").resolve("train.jsonl")).doesNotExist();
  }

  @Test
  void split_brokenRow_leavesNoFile() throws IOException {
    Files.writeString(input, "{\"text\": \"a\"}\n{\n");
    assertThatThrownBy(() -> Split.run(request("a")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(input + ":2: ");
    assertThat(folder.resolve("a")).doesNotExist();
  }

  @Test
  void split_missingKey_namesTheLine() {
    assertThatThrownBy(
            () -> Split.run(by(request("a"), Optional.of("meta.ticket"), Optional.empty())))
        .isInstanceOf(InputException.class)
        .hasMessage(input + ":1: has no key \"meta.ticket\"");
  }

  @Test
  void split_moreHeldOutThanThereIs_isRefused() {
    Split.Request r = request("a");
    assertThatThrownBy(() ->
            Split.run(
                new Split.Request(
                    r.input(),
                    r.output(),
                    new Quota.Rows(400),
                    r.test(),
                    8,
                    r.groupBy(),
                    r.stratifyBy(),
                    true,
                    false)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("each part needs at least one row");
  }

  @Test
  void quota_wrong_namesTheFlag() {
    for (String text : List.of("", "-1", "1.5", "x", "0.0", "NaN", "99999999999")) {
      assertThatThrownBy(() -> Quota.parse("--valid", text))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("--valid: ");
    }
  }
}
