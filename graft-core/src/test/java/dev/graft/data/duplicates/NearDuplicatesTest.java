package dev.graft.data.duplicates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.duplicates.NearDuplicates.Kind;
import dev.graft.data.duplicates.NearDuplicates.Match;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearDuplicatesTest {
  private static List<String> words(int count, SplittableRandom random) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add("w" + random.nextInt(5000));
    }
    return words;
  }

  private static String text(List<String> words) {
    return String.join(" ", words);
  }

  @Test
  void add_sameWordsWithOtherSpacingAndCase_isExact() {
    NearDuplicates texts = new NearDuplicates(0.8);
    texts.add("Something else altogether");
    assertThat(texts.add("The printer is on fire!").kind()).isEqualTo(Kind.NEW);
    assertThat(texts.add("the  PRINTER is\non fire")).isEqualTo(new Match(Kind.EXACT, 1));
    assertThat(texts.add("\uff34he printer is on fire")).isEqualTo(new Match(Kind.EXACT, 1));
    assertThat(texts.cluster(3)).isEqualTo(1);
  }

  @Test
  void add_shortTextsWithOneWordChanged_areDifferent() {
    NearDuplicates texts = new NearDuplicates(0.8);
    texts.add("The printer is on fire");
    assertThat(texts.add("The printer is on ice").kind()).isEqualTo(Kind.NEW);
  }

  @Test
  void add_oneWordOfSixtyChanged_isNear() {
    SplittableRandom random = new SplittableRandom(1);
    NearDuplicates texts = new NearDuplicates(0.8);
    for (int i = 0; i < 200; i++) {
      List<String> original = words(60, random);
      int number = texts.size();
      assertThat(texts.add(text(original)).kind()).isEqualTo(Kind.NEW);
      original.set(random.nextInt(60), "changed");
      assertThat(texts.add(text(original))).isEqualTo(new Match(Kind.NEAR, number));
    }
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0.02", "0.65, 0.1"})
  void add_lessSimilarThanTheThreshold_isHardlyEverNear(double similarity, double most) {
    SplittableRandom random = new SplittableRandom(2);
    int found = 0;
    int tries = 300;
    for (int i = 0; i < tries; i++) {
      // Two texts of n runs that share m have the similarity m / (2n - m).
      int length = 302;
      int shared = (int) Math.round(2 * 300 * similarity / (1 + similarity)) + 2;
      List<String> a = words(length, random);
      List<String> b = new ArrayList<>(a.subList(0, shared));
      b.addAll(words(length - shared, random));
      NearDuplicates texts = new NearDuplicates(0.8);
      texts.add(text(a));
      found += texts.find(text(b)).kind() == Kind.NEAR ? 1 : 0;
    }
    assertThat(found).isLessThanOrEqualTo((int) (most * tries));
  }

  @Test
  void find_moreSimilarThanTheThreshold_isFound() {
    SplittableRandom random = new SplittableRandom(3);
    int found = 0;
    for (int i = 0; i < 300; i++) {
      List<String> a = words(302, random);
      List<String> b = new ArrayList<>(a.subList(0, 287)); // similarity 0.905
      b.addAll(words(15, random));
      NearDuplicates texts = new NearDuplicates(0.8);
      texts.add(text(a));
      found += texts.find(text(b)).kind() == Kind.NEAR ? 1 : 0;
    }
    assertThat(found).isGreaterThanOrEqualTo(298);
  }

  @Test
  void cluster_chainOfSmallChanges_isOne() {
    SplittableRandom random = new SplittableRandom(4);
    NearDuplicates texts = new NearDuplicates(0.8);
    texts.add(text(words(80, random)));
    List<String> chain = words(80, random);
    for (int i = 0; i < 40; i++) {
      texts.add(text(chain));
      chain.set(2 * i, "changed" + i);
    }
    for (int i = 1; i <= 40; i++) {
      assertThat(texts.cluster(i)).isEqualTo(1);
    }
    assertThat(texts.cluster(0)).isZero();
  }

  /** Exact Jaccard similarity of the sets of runs of three words. */
  private static double jaccard(List<String> a, List<String> b) {
    Set<List<String>> both = new HashSet<>(runs(a));
    both.retainAll(runs(b));
    return (double) both.size() / (runs(a).size() + runs(b).size() - both.size());
  }

  private static Set<List<String>> runs(List<String> words) {
    Set<List<String>> runs = new HashSet<>();
    for (int i = 0; i + 3 <= words.size(); i++) {
      runs.add(List.copyOf(words.subList(i, i + 3)));
    }
    return runs;
  }

  private static List<String> changed(List<String> words, int changes, SplittableRandom random) {
    List<String> other = new ArrayList<>(words);
    for (int i = 0; i < changes; i++) {
      other.set(random.nextInt(other.size()), "x" + random.nextInt(5000));
    }
    return other;
  }

  @Test
  void similarity_ofRandomPairs_isTheirJaccardSimilarity() {
    SplittableRandom random = new SplittableRandom(5);
    NearDuplicates texts = new NearDuplicates(0.8);
    double sum = 0;
    double squares = 0;
    int pairs = 1000;
    for (int i = 0; i < pairs; i++) {
      List<String> a = words(120, random);
      List<String> b = changed(a, random.nextInt(40), random);
      texts.add(text(a));
      texts.add(text(b) + " end"); // never exactly the same
      b.add("end");
      double exact = jaccard(a, b);
      double error = texts.similarity(2 * i, 2 * i + 1) - exact;
      assertThat(Math.abs(error)).isLessThan(5 * Math.sqrt(0.25 / 120));
      sum += error;
      squares += error * error / Math.max(exact * (1 - exact), 1e-3);
    }
    assertThat(sum / pairs).isBetween(-0.005, 0.005); // no bias
    assertThat(squares / pairs * 120).isBetween(0.85, 1.15); // variance s(1 - s)/120
  }

  @Test
  void cluster_plantedPairsAmongOthers_areFoundAndHardlyAnythingElse() {
    SplittableRandom random = new SplittableRandom(6);
    NearDuplicates texts = new NearDuplicates(0.8);
    int clear = 0;
    int clearFound = 0;
    int wrong = 0;
    for (int i = 0; i < 2000; i++) {
      List<String> a = words(100, random);
      List<String> b = changed(a, 1 + random.nextInt(15), random);
      double exact = jaccard(a, b);
      int first = texts.size();
      texts.add(text(a));
      texts.add(text(b));
      boolean together = texts.cluster(first + 1) == first;
      clear += exact >= 0.88 ? 1 : 0;
      clearFound += exact >= 0.88 && together ? 1 : 0;
      wrong += exact < 0.7 && together ? 1 : 0;
      assertThat(texts.cluster(first + 1)).isGreaterThanOrEqualTo(first); // nothing unrelated
    }
    assertThat(clear).isGreaterThan(200);
    assertThat((double) clearFound / clear).isGreaterThan(0.98);
    assertThat(wrong).isLessThan(15);
  }

  @Test
  void cluster_textLikeTwoThatAreUnlike_bringsThemTogetherInAnyOrder() {
    List<String> middle = words(100, new SplittableRandom(7));
    List<String> left = new ArrayList<>(middle);
    List<String> right = new ArrayList<>(middle);
    for (int i = 0; i < 8; i++) {
      left.set(i, "left" + i);
      right.set(99 - i, "right" + i);
    }
    assertThat(jaccard(left, right)).isLessThan(0.75);
    assertThat(jaccard(left, middle)).isGreaterThan(0.8);
    List<String> all = List.of(text(left), text(right), text(middle));
    for (int[] order : new int[][] {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}}) {
      NearDuplicates texts = new NearDuplicates(0.8);
      for (int i : order) {
        texts.add(all.get(i));
      }
      assertThat(List.of(texts.cluster(1), texts.cluster(2))).containsOnly(0);
    }
  }

  @Test
  void cluster_otherOrder_sameClusters() {
    SplittableRandom random = new SplittableRandom(8);
    List<String> all = new ArrayList<>();
    List<String> last = words(60, random);
    for (int i = 0; i < 600; i++) {
      last = i % 4 == 0 ? words(60, random) : changed(last, 1 + random.nextInt(4), random);
      all.add(text(last));
    }
    List<String> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, new java.util.Random(9));
    assertThat(clusters(shuffled)).isEqualTo(clusters(all));
  }

  private static Set<Set<String>> clusters(List<String> all) {
    NearDuplicates texts = new NearDuplicates(0.8);
    all.forEach(texts::add);
    Map<Integer, Set<String>> clusters = new HashMap<>();
    for (int i = 0; i < all.size(); i++) {
      clusters.computeIfAbsent(texts.cluster(i), root -> new HashSet<>()).add(all.get(i));
    }
    return new HashSet<>(clusters.values());
  }

  @ParameterizedTest
  @CsvSource({
    "What is 2 + 3?, What is 2 - 3?",
    "x > 3, x < 3",
    "😀, 😡",
    "कि, का", // two syllables of Hindi that differ by a mark
    "café, cafe"
  })
  void add_shortTextsWithOtherSymbolsOrMarks_areDifferent(String a, String b) {
    NearDuplicates texts = new NearDuplicates(0.8);
    texts.add(a);
    assertThat(texts.add(b).kind()).isEqualTo(Kind.NEW);
    assertThat(texts.add(a + " ").kind()).isEqualTo(Kind.EXACT);
  }

  @Test
  void add_decomposedLetters_areTheSame() {
    NearDuplicates texts = new NearDuplicates(0.8);
    texts.add("un café");
    assertThat(texts.add("Un café.").kind()).isEqualTo(Kind.EXACT);
  }

  @Test
  void add_hugeTextThatGrowsInNormalisation_isReadInBoundedMemory() {
    NearDuplicates texts = new NearDuplicates(0.8);
    String huge = "ﷺ".repeat(20_000_000); // 18 characters each in compatibility form
    assertThat(texts.add(huge).kind()).isEqualTo(Kind.NEW);
    assertThat(texts.add(huge).kind()).isEqualTo(Kind.EXACT);
    assertThat(texts.add(huge + "x").kind()).isEqualTo(Kind.NEAR);
  }

  @Test
  void add_scriptWithoutSpaces_isComparedByCharacters() {
    String original = "我们的打印机着火了请尽快派人来修理因为办公室里有很多重要的文件而且今天下午还有会议需要打印材料";
    NearDuplicates texts = new NearDuplicates(0.8);
    texts.add(original);
    assertThat(texts.add(original.replace("尽快", "马上").replace("今天", "明天")).kind())
        .isIn(Kind.NEW, Kind.NEAR);
    assertThat(texts.add(original + "谢").kind()).isEqualTo(Kind.NEAR);
    assertThat(texts.add("天气很好我们去公园散步然后吃冰淇淋").kind()).isEqualTo(Kind.NEW);
  }

  @Test
  void add_textsWithoutWords_areTheSame() {
    NearDuplicates texts = new NearDuplicates(0.8);
    texts.add("");
    assertThat(texts.add("?! …").kind()).isEqualTo(Kind.EXACT);
  }

  @Test
  void threshold_outsideItsRange_isRefused() {
    assertThatThrownBy(() -> new NearDuplicates(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new NearDuplicates(1.1)).isInstanceOf(IllegalArgumentException.class);
  }
}
