package dev.graft.bench.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.InputException;
import dev.graft.bench.BenchException;
import dev.graft.bench.TinyModel;
import dev.graft.bench.train.PreparedData;
import dev.graft.run.BaseModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedTest {
  @TempDir private Path folder;

  @Test
  void rates_batch_countAllPrompts() {
    Generated generated = new Generated(8, 512, 11, 2, 4, 0, Map.of());

    assertThat(generated.promptRate()).isCloseTo(8 * 512 / 2.0, within(1e-9));
    assertThat(generated.tokenRate()).isCloseTo(8 * 10 / 4.0, within(1e-9));
  }

  @Test
  void read_whatWasWritten_isTheSame() throws Exception {
    Generated generated = new Generated(1, 512, 11, 2, 4, 7, Map.of("graft", "1"));
    Path file = Files.writeString(folder.resolve("g.json"), generated.json());

    assertThat(Generated.read("graft", file)).isEqualTo(generated);
  }

  @Test
  void read_missingOrOther_isNamed() throws Exception {
    Path none = folder.resolve("none.json");
    assertThatThrownBy(() -> Generated.read("llama.cpp", none))
        .isInstanceOf(BenchException.class)
        .hasMessageStartingWith("llama.cpp wrote no ");
    Path other = Files.writeString(folder.resolve("other.json"), "[");
    assertThatThrownBy(() -> Generated.read("llama.cpp", other)).isInstanceOf(BenchException.class);
  }

  @Test
  void promptText_anyText_hasExactlySoManyTokens() {
    try (BaseModel base = PreparedData.open(TinyModel.LLAMA)) {
      String text = "Tea is a drink. It is hot, and made of leaves; 7 of 10 drink it. ".repeat(4);

      String prompt = PromptText.of(base.tokenizer(), text, 40);

      assertThat(base.tokenizer().encode(prompt).ids()).hasSize(40);
      assertThatThrownBy(() -> PromptText.of(base.tokenizer(), "Tea", 40))
          .isInstanceOf(InputException.class);
    }
  }
}
