package dev.graft.data.arrange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.data.RowOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
        RowOptions.DEFAULT,
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
        r.input(),
        r.output(),
        RowOptions.DEFAULT,
        r.valid(),
        r.test(),
        r.seed(),
        group,
        stratum,
        true,
        false);
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
    for (int side = 0; side < 3; side++) {
      assertThat(new HashSet<>(second.get(side))).isEqualTo(new HashSet<>(first.get(side)));
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
                RowOptions.DEFAULT,
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
                    RowOptions.DEFAULT,
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

  private Split.Request plain(String output, Quota valid) {
    return new Split.Request(
        input,
        folder.resolve(output),
        RowOptions.DEFAULT,
        valid,
        Optional.empty(),
        7,
        Optional.empty(),
        Optional.empty(),
        true,
        false);
  }

  private static List<String> lines(Path file) throws IOException {
    return Arrays.asList(Files.readString(file).split("\n"));
  }

  @Test
  void split_linesOfJson_areTheSameBytes() throws IOException {
    List<String> rows =
        List.of(
            "{ \"text\" :\"one\", \"n\": 1.10, \"big\": 123456789012345678901234567890.5}",
            "{\"text\":\"\\u0074wo \\ud800\",\"n\":1e5}",
            "{\"text\":\"drei \u00e9\\/\", \"n\":-0.0 }  ");
    Files.writeString(input, "\uFEFF" + String.join("\r\n", rows));
    var unused = Split.run(plain("a", new Quota.Rows(1)));
    List<String> written = new ArrayList<>(lines(folder.resolve("a/train.jsonl")));
    assertThat(written).hasSize(2);
    written.addAll(lines(folder.resolve("a/valid.jsonl")));
    assertThat(written).containsExactlyInAnyOrderElementsOf(rows);
  }

  @Test
  void split_otherFormats_becomeLinesOfJson() throws IOException {
    input = folder.resolve("rows.json");
    Files.writeString(
        input, "[{\"text\": \"a\\ud800\"},\n {\"text\": \"b\"}, {\"text\": \"c\", \"n\": 1}]");
    var unused = Split.run(plain("a", new Quota.Rows(1)));
    List<String> written = new ArrayList<>(lines(folder.resolve("a/train.jsonl")));
    written.addAll(lines(folder.resolve("a/valid.jsonl")));
    assertThat(written)
        .containsExactlyInAnyOrder(
            "{\"text\":\"a\\uD800\"}", "{\"text\":\"b\"}", "{\"text\":\"c\",\"n\":1}");
  }

  @Test
  void split_systemMessagesAndInstructionsInCommon_doNotMakeRowsAlike() throws IOException {
    String long1 = "You are a helpful assistant of the shop and never speak of prices. ".repeat(9);
    String long2 = "Answer in the voice of a pirate who has seen the seven seas twice. ".repeat(9);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rows.add(
          ("{\"messages\":[{\"role\":\"system\",\"content\":\"%s\"},"
                  + "{\"role\":\"user\",\"content\":\"%s Question %d\"},"
                  + "{\"role\":\"assistant\",\"content\":\"Answer %d\"}]}")
              .formatted(long1, long2, i, i));
    }
    Files.write(input, rows);
    Split.Result result = Split.run(plain("a", new Quota.Rows(8)));
    assertThat(result.alike()).isZero();
    assertThat(result.warnings()).isEmpty();
    assertThat(result.rows().values()).containsExactly(32L, 8L);
  }

  @Test
  void split_emptyValueOfTheGroup_isAGroup() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rows.add("{\"text\":\"r%d\",\"g\":\"%s\"}".formatted(i, i < 10 ? "" : "g" + i));
    }
    Files.write(input, rows);
    Split.Result result = Split.run(by(request("a"), Optional.of("g"), Optional.empty()));
    assertThat(result.largest()).isEqualTo(10);
    assertThat(result.groups()).isEqualTo(31);
  }

  @Test
  void split_groupLargerThanAPart_isToldAndStaysForTraining() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rows.add("{\"text\":\"r%d\",\"g\":\"%s\"}".formatted(i, i < 95 ? "big" : "g" + i));
    }
    Files.write(input, rows);
    Split.Request r = plain("a", new Quota.Rows(10));
    Split.Result result = Split.run(by(r, Optional.of("g"), Optional.empty()));
    assertThat(result.rows().values()).containsExactly(95L, 5L);
    assertThat(result.warnings())
        .anyMatch(w -> w.contains("has 5 rows, not 10"))
        .anyMatch(w -> w.contains("the 95 rows of the largest group"));
  }

  @Test
  void split_onlyOneGroup_isRefusedAndWritesNothing() throws IOException {
    Files.write(input, Collections.nCopies(50, "{\"text\":\"the same\"}"));
    assertThatThrownBy(() -> Split.run(plain("a", new Quota.Share(0.1))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("would be empty")
        .hasMessageContaining("50 rows");
    assertThat(folder.resolve("a")).doesNotExist();
  }

  @Test
  void split_testFileOfAnEarlierSplit_isRefused() throws IOException {
    var unused = Split.run(request("a"));
    assertThatThrownBy(() -> Split.run(overwriting(plain("a", new Quota.Share(0.1)))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("test.jsonl: is of an earlier split");
    assertThat(Split.run(overwriting(request("a"))).rows()).hasSize(3);
    assertThat(folder.resolve("a").toFile().list()).hasSize(3);
  }

  private static Split.Request overwriting(Split.Request r) {
    return new Split.Request(
        r.input(),
        r.output(),
        RowOptions.DEFAULT,
        r.valid(),
        r.test(),
        r.seed(),
        r.groupBy(),
        r.stratifyBy(),
        r.keepAlike(),
        true);
  }

  @Test
  void split_outputThatIsAFile_isRefused() {
    assertThatThrownBy(() -> Split.run(plain("rows.jsonl/a", new Quota.Share(0.1))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot be written");
  }

  @Test
  void split_byAnswer_hasEachShareForManySeeds() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String answer = i % 7 == 0 ? "refund" : i % 3 == 0 ? "fault" : "question";
      rows.add("{\"prompt\":\"mail %d\",\"completion\":\"%s\"}".formatted(i, answer));
    }
    Files.write(input, rows);
    for (int seed = 0; seed < 20; seed++) {
      Split.Request r =
          new Split.Request(
              input,
              folder.resolve("s" + seed),
              RowOptions.DEFAULT,
              new Quota.Rows(37),
              Optional.of(new Quota.Rows(53)),
              seed,
              Optional.empty(),
              Optional.of("answer"),
              true,
              false);
      Split.Result result = Split.run(r);
      assertThat(result.rows().values()).containsExactly(310L, 37L, 53L);
      result
          .strata()
          .forEach((name, counts) -> {
            double all = counts.stream().mapToLong(Long::longValue).sum();
            assertThat(counts.get(1)).isBetween(share(37, all) - 1, share(37, all) + 1);
            assertThat(counts.get(2)).isBetween(share(53, all) - 1, share(53, all) + 1);
          });
    }
  }

  private static long share(int part, double stratum) {
    return Math.round(part * stratum / 400);
  }

  @Test
  void split_keyOfManyValues_isNoStratum() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 1001; i++) {
      rows.add("{\"text\":\"r%d\"}".formatted(i));
    }
    Files.write(input, rows);
    assertThatThrownBy(() -> Split.run(by(request("a"), Optional.empty(), Optional.of("text"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("more than 1000 strata");
  }

  @Test
  void parts_oneThatCannotBePlaced_leavesAllAsTheyWere() throws IOException {
    Files.writeString(folder.resolve("one"), "before");
    try (Parts parts = Parts.open(folder, List.of("one", "two", "three"))) {
      parts.write(0, new byte[] {'a'});
      for (java.io.File file : folder.toFile().listFiles()) {
        if (file.getName().startsWith(".three.")) {
          Files.delete(file.toPath());
        }
      }
      assertThatThrownBy(parts::commit)
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith(folder.resolve("three") + ": cannot be written");
    }
    assertThat(folder.resolve("one")).hasContent("before");
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("one", "rows.jsonl");
  }

  @Test
  void allotment_overManySeeds_drawsEachUnitEquallyOften() {
    Units units = new Units();
    int rows = 200;
    for (int i = 0; i < rows; i++) {
      Optional<String> group = i < 60 ? Optional.of("g" + i / 3) : Optional.empty();
      units.add(Path.of("x"), new Units.Facts(Optional.empty(), group, "", i));
    }
    int[] held = new int[rows];
    int seeds = 2000;
    for (int seed = 0; seed < seeds; seed++) {
      int[] sides = Allotment.of(units, List.of(40L), seed);
      for (int i = 0; i < rows; i++) {
        held[i] += sides[i];
      }
      assertThat(Arrays.stream(sides).sum()).isEqualTo(40);
    }
    for (int i = 0; i < rows; i++) {
      // A fifth of 2000, give or take five standard deviations; groups fit last less often.
      assertThat(held[i]).isBetween(400 - 5 * 18 - (i < 60 ? 20 : 0), 400 + 5 * 18);
    }
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
