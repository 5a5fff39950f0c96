package dev.graft.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What tests of products with the processor's tiles share. */
final class TileTests {
  private TileTests() {}

  static void needTiles() {
    assumeTrue(Tiles.isUsed(), "needs a processor with tiles");
  }

  /** Standard normal numbers, in bfloat16. */
  static Tensor random(long seed, long... shape) {
    Tensor t = Tensor.empty(DType.F32, Device.CPU, shape);
    return Random.normalInPlace(t, 0, 1, seed).to(DType.BF16);
  }
}
