package dev.graft.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CharactersTest {
  @Test
  void isMark_everyCharacter_isTheCategoryM() {
    Pattern marks = Pattern.compile("\\p{M}");
    assertThat(
            IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(c -> Characters.isMark(c) != marks.matcher(Character.toString(c)).matches())
                .boxed())
        .isEmpty();
  }

  @Test
  void isAscii_ends_at127() {
    assertThat(Characters.isAscii("")).isTrue();
    assertThat(Characters.isAscii("a\u007f")).isTrue();
    assertThat(Characters.isAscii("a\u0080")).isFalse();
  }
}
