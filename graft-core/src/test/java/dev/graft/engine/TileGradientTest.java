package dev.graft.engine;

import static dev.graft.engine.TileTests.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradients of low-rank updates against products in float64. */
class TileGradientTest {
  @BeforeEach
  void tiles() {
    TileTests.needTiles();
  }

  private static Tensor numbers(long seed, long... shape) {
    return Random.normalInPlace(Tensor.empty(DType.F32, Device.CPU, shape), 0, 1, seed);
  }

  /** Relative error, of sums in float32. */
  private static double error(Tensor made, Tensor exact) {
    return Ops.norm(made.to(DType.F64).minus(exact)) / Ops.norm(exact);
  }

  private static Tensor product(Tensor a, Tensor b) {
    return Ops.mm(a.to(DType.F64).transpose(0, 1), b.to(DType.F64));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 32, 32, 8", // rows, columns of a and of b, rank
    "31, 64, 96, 48",
    "32, 32, 544, 16", // columns of a block and half a panel
    "300, 96, 1088, 70",
    "129, 32, 576, 1"
  })
  void addTo_addsTheFirstRows(int rows, int narrow, int wide, int rank) {
    try (Scope scope = Scope.open()) {
      Tensor a = random(1, rows, narrow + 32).narrow(1, 32, narrow);
      Tensor b = random(2, rows, wide + 32).narrow(1, 0, wide);
      Tensor into = numbers(3, rank, wide);
      Tensor exact = product(a, b).narrow(0, 0, rank).plus(into.to(DType.F64));
      long mark = Work.mark();
      new TileGradient(a, b).addTo(into);
      assertThat(Work.flops(mark, Work.mark())).isEqualTo(2.0 * rows * rank * wide);
      assertThat(error(into, exact)).isLessThan(1e-6);
    }
  }

  @ParameterizedTest
  @CsvSource({"100, 8", "33, 16", "160, 20", "5, 1"})
  void addTransposed_addsEachBlockToItsOwn(int rows, int rank) {
    try (Scope scope = Scope.open()) {
      Tensor a = random(1, rows, 64);
      Tensor b = random(2, rows, 1152);
      Tensor first = numbers(3, 480, rank);
      Tensor second = numbers(4, 640, rank + 3);
      Tensor all = product(a, b).transpose(0, 1).times(0.25);
      Tensor one = first.to(DType.F64).plus(all.narrow(0, 0, 480).narrow(1, 0, rank));
      Tensor other = second.to(DType.F64).plus(all.narrow(0, 480, 640).narrow(1, rank, rank + 3));
      new TileGradient(a, b)
          .addTransposed(
              List.of(
                  new TileGradient.Block(0, 0, 0.25f, first),
                  new TileGradient.Block(480, rank, 0.25f, second)));
      assertThat(error(first, one)).isLessThan(1e-6);
      assertThat(error(second, other)).isLessThan(1e-6);
    }
  }

  @Test
  void whatDoesNotFit_isRefused() {
    try (Scope scope = Scope.open()) {
      TileGradient gradient = new TileGradient(random(1, 4, 32), random(2, 4, 64));
      assertThatThrownBy(() -> new TileGradient(random(1, 4, 32), random(2, 5, 64)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> gradient.addTo(numbers(1, 33, 64)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> gradient.addTo(random(1, 16, 64)))
          .isInstanceOf(IllegalArgumentException.class);
      List<TileGradient.Block> odd = List.of(new TileGradient.Block(16, 0, 1, numbers(1, 32, 8)));
      assertThatThrownBy(() -> gradient.addTransposed(odd))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
