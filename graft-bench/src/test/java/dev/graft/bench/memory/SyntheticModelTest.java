package dev.graft.bench.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.bench.TinyModel;
import dev.graft.bench.train.PreparedData;
import dev.graft.engine.DType;
import dev.graft.engine.Scope;
import dev.graft.model.Decoder;
import dev.graft.model.PackedTokens;
import dev.graft.run.BaseModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticModelTest {
  @Test
  void write_size_isAModelThatGraftLoads(@TempDir Path folder) throws Exception {
    SyntheticModel size = SyntheticModel.parse("128x2");
    size.write(folder, TinyModel.LLAMA, 320);

    try (BaseModel base = PreparedData.open(folder);
        Scope scope = Scope.open();
        Decoder model = base.load(DType.F32)) {
      assertThat(model.spec().parameterCount())
          .isEqualTo(320 * 128 + 128 + 2 * (2 * 128 + 4 * 128 * 128 + 3 * 128 * 384L));
      assertThat(model.losses(PackedTokens.text(1, 5, 9, 12))).hasSize(3);
    }
  }

  @Test
  void parse_noSize_isRefused() {
    for (String text : List.of("", "128", "x2", "100x2", "128x0", "128x2x3", "999999999x1")) {
      assertThatThrownBy(() -> SyntheticModel.parse(text))
          .as(text)
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("--sizes: ");
    }
  }
}
