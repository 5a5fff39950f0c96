package dev.graft.bench.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.bench.BenchException;
import dev.graft.bench.TinyModel;
import dev.graft.bench.train.PreparedData;
import dev.graft.model.DecoderSpec;
import dev.graft.run.BaseModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitTest {
  private static final Limit.Work WORK = new Limit.Work(100, 10, 2, 4);

  private static Limit limit(double best, double median, double other) {
    Product product = new Product("p", 10, 20, 30, true, 3);
    return new Limit(WORK, List.of(new Limit.Timing(product, best, median)), other, 1e9);
  }

  @Test
  void seconds_products_addUp() {
    // 12,000 operations in 2 s are 6,000 a second; three of them, and 3,000 operations more.
    Limit limit = limit(2, 4, 3000);
    assertThat(limit.seconds(Limit.Timing::best)).isCloseTo(3 * 2 + 0.5, within(1e-12));
    assertThat(limit.best()).isCloseTo(100 / 6.5, within(1e-12));
    assertThat(limit.median()).isCloseTo(100 / 13.0, within(1e-12));
  }

  @Test
  void of_measurements_takesTheLeastTimesAndTheMediansOfMedians() {
    Limit limit = Limit.of(List.of(limit(2, 3, 0), limit(1, 9, 0), limit(3, 4, 0)));
    assertThat(limit.seconds(Limit.Timing::best)).isCloseTo(3, within(1e-12));
    assertThat(limit.seconds(Limit.Timing::median)).isCloseTo(12, within(1e-12));
  }

  @Test
  void ofStep_tinyModel_countsEveryFrozenMatrixTwice() {
    try (BaseModel base = PreparedData.open(TinyModel.LLAMA)) {
      DecoderSpec spec = base.spec();
      double flops =
          Product.ofStep(spec, WORK).stream().mapToDouble(p -> p.flops() * p.times()).sum();
      // Per token 2 operations a weight forward and 2 backward: without norms and embedding.
      double linears = spec.layers() * (64 * 128 + 64 * 64 + 64 * 192 + 96 * 64);
      double head = 320 * 64;

      assertThat(flops).isCloseTo(4 * (100 * linears + 10 * head), within(1e-3));
      double adapter = 3 * 2 * 100 * 4 * (2 * (64 + 64) + 2 * (64 + 32) + 3 * (64 + 96));
      double attention = 6 * 50 * 50 * 64 * 2;
      assertThat(Product.otherFlops(spec, WORK))
          .isCloseTo(spec.layers() * (adapter + attention), within(1e-3));
    }
  }

  @Test
  void read_somethingElse_isNamed(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("products.json"), "{\"work\": 3}");

    assertThatThrownBy(() -> Limit.read(file))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("is no measurement of products");
  }
}
