package dev.graft.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.ExampleSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExamplesTest {
  private static List<String> notes(int cut, List<Long> dropped) {
    List<String> notes = new ArrayList<>();
    RunListener listener =
        new RunListener() {
          @Override
          public void progress(String text) {}

          @Override
          public void note(String text) {
            notes.add(text);
          }
        };
    Examples.note(Path.of("d"), new ExampleSource.Loaded(List.of(), cut, dropped), listener);
    return notes;
  }

  @Test
  void note_ofNoRows_isNotMade() {
    String behind = ", since --max-length cuts off all that is to be learnt (the first is line 7)";
    assertThat(notes(0, List.of())).isEmpty();
    assertThat(notes(1, List.of())).containsExactly("d: 1 row loses its end to --max-length");
    assertThat(notes(2, List.of())).containsExactly("d: 2 rows lose their end to --max-length");
    assertThat(notes(0, List.of(7L))).containsExactly("d: 1 row is left out" + behind);
    assertThat(notes(0, List.of(7L, 9L))).containsExactly("d: 2 rows are left out" + behind);
  }
}
