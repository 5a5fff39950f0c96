package dev.graft.data.duplicates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.duplicates.NearDuplicates.Kind;
import dev.graft.data.duplicates.NearDuplicates.Match;
import java.util.ArrayList;
import java.util.List;
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
