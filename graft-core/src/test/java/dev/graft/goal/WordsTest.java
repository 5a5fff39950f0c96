package dev.graft.goal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          4 | one two — three  four.
          2 | well-known and/or
          1 | 3.5%
          2 | l'été don't
          5 | 你好，世界！ok
          3 | カタカ
          1 | 한국어
          0 | — … !!
          """)
  void count_text_isWhatStandsBetweenSpaces(int words, String text) {
    assertThat(Words.count(text)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          true  | The ACME  kettle. | acme kettle
          false | acme kettles      | acme kettle
          true  | kettles, kettle   | kettle
          true  | 我爱水壶          | 水壶
          true  | use C++ now       | c++
          false | subC++            | C++
          """)
  void contains_phrase_isNoPartOfAWord(boolean contains, String text, String phrase) {
    assertThat(Words.contains(text, phrase)).isEqualTo(contains);
  }
}
