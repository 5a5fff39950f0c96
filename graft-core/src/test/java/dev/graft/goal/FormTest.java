package dev.graft.goal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '~',
      textBlock =
          """
          JSON     → {"a": [1, 2]}
          JSON     → [ ]
          PLAIN    → {"a": 1, "a": 2}
          PLAIN    → {"a": 1} and more
          MARKDOWN → [link](http://example.org)
          CODE     → ```java¶int x;¶```
          MARKDOWN → ```¶a¶```¶and¶```¶b¶```
          MARKDOWN → Look:¶```¶a¶```
          LIST     → - a¶- b
          LIST     → These:¶1. a¶2) b
          LIST     → * **a**¶* b
          MARKDOWN → One¶two¶three¶four¶five¶- a¶- b
          PLAIN    → - only one
          MARKDOWN → some **bold** text
          MARKDOWN → some `code` text
          MARKDOWN → a table:¶| a | b |¶|---|---|¶| 1 | 2 |
          PLAIN    → 2 * 3 * 4 - 5
          PLAIN    → snake_case and C# and a # b
          """)
  void of_answer_isItsForm(Form form, String answer) {
    assertThat(Form.of(answer.replace('¶', '\n'))).isEqualTo(form);
  }

  @Test
  void of_deepJson_isNoJson() {
    assertThat(Form.of("[".repeat(200_000) + "]".repeat(200_000))).isEqualTo(Form.PLAIN);
  }
}
