package dev.graft.engine;

import static dev.graft.engine.TileTests.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products with packed matrices against float64; each result is rounded once. */
class PackedMatrixTest {
  /** Half of the distance between two bfloat16 numbers, relative. */
  private static final double ROUNDING = 1.0 / 256;

  @BeforeEach
  void tiles() {
    TileTests.needTiles();
  }

  private static Tensor wide(Tensor x) {
    return x.to(DType.F64);
  }

  private static PackedMatrix packed(Tensor like, long rows, long columns) {
    return new PackedMatrix(like.newEmpty(rows * columns), rows, columns);
  }

  /** Errors within rounding, and what float32 sums of K numbers lose at most. */
  private static void assertRounded(Tensor made, Tensor exact) {
    Tensor error = Ops.abs(wide(made).minus(exact));
    Tensor allowed = Ops.abs(exact).mulInPlace(ROUNDING).addInPlace(1e-4);
    assertThat(Ops.maxAbs(Ops.greater(error, allowed).to(DType.F32))).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 32, 32",
    "15, 64, 96",
    "17, 32, 544", // one row more than a tile, columns of a block and half a panel
    "130, 96, 64",
    "130, 1056, 32" // a long inner side, whose rows are taken in turn
  })
  void product_bothWays_isRoundedOnce(int rows, int inner, int columns) {
    try (Scope scope = Scope.open()) {
      Tensor x = random(1, rows, inner);
      Tensor w = random(2, columns, inner);
      PackedMatrix forward = packed(x, inner, columns).putTransposed(w, 0);
      assertRounded(forward.multiply(x), Ops.mm(wide(x), wide(w).transpose(0, 1)));
      Tensor dy = random(3, rows, columns);
      PackedMatrix backward = packed(x, columns, inner).put(w);
      assertRounded(backward.multiply(dy), Ops.mm(wide(dy), wide(w)));
      Tensor again = w.newEmpty(columns, inner);
      forward.takeTransposed(again);
      assertThat(again.toFloats()).containsExactly(w.toFloats());
    }
  }

  @Test
  void views_withOtherRowsBesideThem_areTakenAndFilled() {
    try (Scope scope = Scope.open()) {
      Tensor all = random(1, 50, 96);
      Tensor w = random(2, 64, 32);
      PackedMatrix packed = packed(w, 32, 64).putTransposed(w, 0);
      Tensor x = all.narrow(1, 32, 32);
      Tensor around = random(3, 50, 128);
      Tensor before = Tensor.of(around.narrow(1, 0, 32).to(DType.F32).toFloats(), 50, 32);
      packed.multiplyInto(around.narrow(1, 32, 64), x);
      assertRounded(around.narrow(1, 32, 64), Ops.mm(wide(x), wide(w).transpose(0, 1)));
      assertThat(around.narrow(1, 0, 32).to(DType.F32).toFloats())
          .containsExactly(before.toFloats());
    }
  }

  @Test
  void sumOfTwoProducts_isRoundedOnce_andCounted() {
    try (Scope scope = Scope.open()) {
      Tensor x = random(1, 140, 96);
      Tensor low = random(2, 140, 32);
      Tensor w = random(3, 96, 96);
      Tensor a = random(4, 32, 96);
      PackedMatrix one = packed(x, 96, 96).put(w);
      PackedMatrix other = packed(x, 32, 96).put(a);
      Tensor exact = Ops.mm(wide(x), wide(w)).plus(Ops.mm(wide(low), wide(a)));
      long before = Work.mark();
      Tensor made = one.multiply(x, low, other);
      assertThat(Work.flops(before, Work.mark())).isEqualTo(2.0 * 140 * 96 * (96 + 32));
      assertRounded(made, exact);
    }
  }

  @Test
  void columnsOfAnAdapter_replacedLater_areThoseOfANewMatrix() {
    try (Scope scope = Scope.open()) {
      Tensor w = random(1, 64, 96);
      PackedMatrix packed = packed(w, 96, 64).putTransposed(w, 0);
      w.narrow(1, 64, 32).copyFrom(random(2, 64, 32));
      packed.putTransposed(w.narrow(1, 64, 32), 64);
      Tensor again = w.newEmpty(64, 96);
      packed.takeTransposed(again);
      assertThat(again.toFloats()).containsExactly(w.toFloats());
    }
  }

  @Test
  void otherProducts_betweenThem_disturbNothing() {
    try (Scope scope = Scope.open()) {
      Tensor x = random(1, 64, 64);
      Tensor w = random(2, 64, 64);
      PackedMatrix packed = packed(x, 64, 64).put(w);
      float[] first = packed.multiply(x).toFloats();
      for (int i = 0; i < 3; i++) {
        Tensor other = random(i, 48 + 16 * i, 96);
        Ops.mm(other, other.transpose(0, 1)); // sets the tiles for itself
        assertThat(packed.multiply(x).toFloats()).containsExactly(first);
      }
    }
  }

  @Test
  void whatDoesNotFit_isRefused() {
    try (Scope scope = Scope.open()) {
      Tensor x = random(1, 4, 64);
      PackedMatrix packed = packed(x, 64, 32).put(random(2, 64, 32));
      assertThatThrownBy(() -> packed.multiply(random(1, 4, 96)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> packed.put(random(1, 32, 64)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> packed(x, 48, 32)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> packed.multiply(Tensor.zeros(DType.F32, Device.CPU, 4, 64)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
