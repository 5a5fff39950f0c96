package dev.graft.goal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentencesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 | ...
          1 | no full stop
          1 | One.
          2 | One. Two.
          2 | One! Two
          3 | Is it? Yes! Well…
          1 | See e.g. Smith, i.e. the author.
          1 | Mr. Smith met Dr. Jones and Prof. Lee.
          1 | Written by J. K. Rowling and John R. Smith.
          2 | It has vitamin C. Eat it.
          2 | It was I. You knew.
          1 | Das gilt z.B. Nutzern, d.h. Menschen, bzw. Lesern usw. und so fort.
          2 | Es gibt Äpfel, Birnen usw. Mehr gibt es nicht.
          1 | Am 3. Oktober war es so.
          2 | It was in 2020. Then it ended.
          1 | Version 3.5.1 of lib.so is at www.example.org today.
          1 | He works for Acme Inc. and Ltd. firms.
          2 | He works for Acme Inc. She does not.
          2 | "Stop it." Then he left.
          1 | "Stop it." he said.
          2 | He said (quietly.) Then he left.
          2 | 这是第一句。这是第二句。
          1 | What?! no way...
          3 | Items:¶- first¶- second
          2 | A heading¶¶A text
          1 | a wrapped¶line
          2 | 1. First¶2. Second
          """)
  void count_text_isAsReadersSee(int sentences, String text) {
    assertThat(Sentences.count(text.replace('¶', '\n'))).isEqualTo(sentences);
  }

  @Test
  void count_hostileText_isFast() {
    for (String piece :
        new String[] {".", ". ", "a.", "\n", "A. ", "- \n", "a.\n", "\uD800", "3. "}) {
      String text = piece.repeat(300_000);
      Assertions.assertThatCode(() ->
              org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                  Duration.ofSeconds(5), () -> Sentences.count(text)))
          .as(piece)
          .doesNotThrowAnyException();
    }
  }
}
